"""Trains the digit reader: `python -m training.dates.train_digits SHARDS MINUTES OUT.pt [FROM.pt]`.

It is told of every step of a line whether a character has its middle there, and which: unlike the sequence reader
it learns no order and no neighbours.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.dates.changing import changed
from training.dates.nets import CHARACTERS, DigitNet

_BATCH = 64
_TOP_RATE = 3e-3
_STEP_PX = 4
_HERE_PX, _NOT_HERE_PX = 2.6, 4.6
"""A middle is here up to this far from a step, and not here from this far on; between nothing is told."""
_BLANK_WEIGHT = 0.4
_UNTOLD = -100
_NO_MIDDLE = -1_000.0
_MOST_CHARACTERS = 24


def main(shards: Path, minutes: float, out: Path, before: Path | None) -> None:
    """Train for so many minutes, from the weights of an earlier run where there is one, and keep the weights."""
    torch.set_num_threads(1)
    torch.manual_seed(2)
    random = np.random.default_rng(2)
    net = DigitNet().to(memory_format=torch.channels_last)
    top_rate = _TOP_RATE
    if before:
        net.load_state_dict(torch.load(before))
        top_rate /= 2
    optimiser = torch.optim.AdamW(net.parameters(), lr=top_rate, weight_decay=1e-3)
    weights = torch.tensor([_BLANK_WEIGHT] + [1.0] * len(CHARACTERS))
    loss_of = nn.CrossEntropyLoss(weights, ignore_index=_UNTOLD)
    start, step = time.monotonic(), 0
    while (time.monotonic() - start) / (60 * minutes) < 1:
        for lines, labels in _batches(shards, random):
            used = (time.monotonic() - start) / (60 * minutes)
            if used >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = top_rate * min(1, (step + 1) / 200) * 0.5 * (1 + np.cos(np.pi * used)) + 1e-5
            with torch.autocast("cpu", torch.bfloat16):
                scores = net(lines.to(memory_format=torch.channels_last))
            loss = loss_of(scores.float(), labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
            if step % 100 == 0:
                print(f"{used:.2f} of the time, step {step}, loss {loss.item():.3f}", flush=True)
            if step % 500 == 0:
                torch.save(net.state_dict(), out)
    torch.save(net.state_dict(), out)


def _batches(shards: Path, random: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    for path in random.permutation(sorted(shards.glob("train-*.npz"))):
        with np.load(path) as shard:
            lines, owners, texts = shard["lines"], shard["owners"], shard["texts"]
        order = random.permutation(len(lines))
        for first in range(0, len(order) - _BATCH + 1, _BATCH):
            chosen = order[first : first + _BATCH]
            pictures, moved = changed(lines[chosen], random)
            middles, names = _characters(owners[chosen], texts[chosen])
            half = lines.shape[2] / 2
            old = (middles + 0.5) / half - 1
            new = ((old - moved[:, 1:]) / moved[:, :1] + 1) * half - 0.5
            yield pictures, torch.from_numpy(labels_of(np.where(middles < 0, _NO_MIDDLE, new), names))


def _characters(
    owners: NDArray[np.uint8], texts: NDArray[np.str_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Middle (px from the left, below 0 for none) and label of each line's characters, n x `_MOST_CHARACTERS`."""
    middles = np.full((len(owners), _MOST_CHARACTERS), _NO_MIDDLE)
    names = np.zeros(middles.shape, np.int64)
    for line, (owner, text) in enumerate(zip(owners, texts, strict=True)):
        for place, character in enumerate(str(text)[:_MOST_CHARACTERS]):
            columns = np.flatnonzero((owner == place + 1).any(axis=0))
            if len(columns):
                middles[line, place] = (columns[0] + columns[-1]) / 2
                names[line, place] = 1 + CHARACTERS.index(character)
    return middles, names


def labels_of(middles: NDArray[np.float64], names: NDArray[np.int64]) -> NDArray[np.int64]:
    """What each of a line's 64 steps is: a character, blank, or not told."""
    steps = np.arange(64) * _STEP_PX + (_STEP_PX - 1) / 2
    far = np.abs(steps[None, :, None] - middles[:, None, :])
    nearest = far.argmin(axis=2)
    distance = np.take_along_axis(far, nearest[:, :, None], axis=2)[:, :, 0]
    name = np.take_along_axis(names, nearest, axis=1)
    return np.where(distance <= _HERE_PX, name, np.where(distance >= _NOT_HERE_PX, 0, _UNTOLD))


if __name__ == "__main__":
    main(
        Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]) if len(sys.argv) > 4 else None
    )
