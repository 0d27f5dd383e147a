"""Trains the digit reader: `python -m training.dates.train_digits SHARDS MINUTES OUT.pt`.

Its samples are the pieces that the reader itself cuts from the drawn lines: a piece is a character when nearly all
of it is that character's ink and nearly all of that ink is in it, a scrap when either is far from true.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from services.ocr.reading import date_pieces
from training.dates.nets import CHARACTERS, DigitNet
from training.dates.train_sequence import changed

SCRAP = len(CHARACTERS)
_BATCH = 128
_TOP_RATE = 2e-3
_SCRAPS_KEPT = 0.3


def main(shards: Path, minutes: float, out: Path) -> None:
    """Train for so many minutes and keep the weights."""
    torch.set_num_threads(1)
    torch.manual_seed(2)
    random = np.random.default_rng(2)
    net = DigitNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=_TOP_RATE, weight_decay=1e-3)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.02)
    start, step = time.monotonic(), 0
    while (time.monotonic() - start) / (60 * minutes) < 1:
        for pictures, labels in _batches(shards, random):
            used = (time.monotonic() - start) / (60 * minutes)
            if used >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = _TOP_RATE * min(1, (step + 1) / 200) * 0.5 * (1 + np.cos(np.pi * used)) + 1e-5
            loss = loss_of(net(pictures), labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
            if step % 100 == 0:
                print(f"{used:.2f} of the time, step {step}, loss {loss.item():.3f}", flush=True)
    torch.save(net.state_dict(), out)


def labelled(line: np.ndarray, owner: np.ndarray, text: str) -> Iterator[tuple[np.ndarray, int]]:
    """The pieces of a line and what they are; what is neither whole nor scrap is left out."""
    inked = line > 60
    whole = np.bincount(owner[inked], minlength=256)
    parts = date_pieces.parts_of(line)
    for piece in date_pieces.pieces(line, parts):
        mask = np.maximum.reduce(parts[piece.first : piece.last])
        inside = np.bincount(owner[(mask > 0) & inked], minlength=256)
        inside[0] = 0
        if not inside.any():
            continue
        most = int(inside.argmax())
        purity, share = inside[most] / inside.sum(), inside[most] / max(1, whole[most])
        if most < 255 and purity >= 0.9 and share >= 0.85:
            yield piece.picture, CHARACTERS.index(text[most - 1])
        elif most == 255 or purity < 0.75 or share < 0.6:
            yield piece.picture, SCRAP


def _batches(shards: Path, random: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    for path in random.permutation(sorted(shards.glob("train-*.npz"))):
        pictures, labels = _pieces_of(path, random)
        order = random.permutation(len(pictures))
        for first in range(0, len(order) - _BATCH + 1, _BATCH):
            chosen = order[first : first + _BATCH]
            yield changed(pictures[chosen], random, is_line=False), torch.from_numpy(labels[chosen])


def _pieces_of(path: Path, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A shard's pieces, of scraps only a share; cut once and kept beside the shard."""
    kept = path.with_name(path.name.replace("train-", "pieces-"))
    if not kept.exists():
        pictures, labels = [], []
        with np.load(path) as shard:
            for line, owner, text in zip(shard["lines"], shard["owners"], shard["texts"], strict=True):
                for picture, label in labelled(line, owner, str(text)):
                    if label != SCRAP or random.random() < _SCRAPS_KEPT:
                        pictures.append(picture)
                        labels.append(label)
        np.savez_compressed(kept, pictures=np.stack(pictures), labels=np.array(labels, np.int64))
    with np.load(kept) as pieces:
        return pieces["pictures"], pieces["labels"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
