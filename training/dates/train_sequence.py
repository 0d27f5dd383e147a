"""Trains the sequence reader: `python -m training.dates.train_sequence SHARDS MINUTES OUT.pt [FROM.pt]`.

Uses the shards that are there when an epoch begins. The learning rate falls with the time that is used, so a run
ends as planned on any machine; the seed is fixed, the number of steps is not.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.dates.changing import changed
from training.dates.nets import CHARACTERS, SequenceNet

_BATCH = 64
_TOP_RATE = 2.5e-3


def main(shards: Path, minutes: float, out: Path, before: Path | None) -> None:
    """Train for so many minutes, from the weights of an earlier run where there is one, and keep the weights."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    net = SequenceNet().to(memory_format=torch.channels_last)
    top_rate = _TOP_RATE
    if before:
        net.load_state_dict(torch.load(before))
        top_rate /= 2
    optimiser = torch.optim.AdamW(net.parameters(), lr=top_rate, weight_decay=1e-3)
    loss_of = nn.CTCLoss(zero_infinity=True)
    start, step = time.monotonic(), 0
    while (used := (time.monotonic() - start) / (60 * minutes)) < 1:
        for lines, labels in _batches(shards, random):
            used = (time.monotonic() - start) / (60 * minutes)
            if used >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = top_rate * min(1, (step + 1) / 200) * 0.5 * (1 + np.cos(np.pi * used)) + 1e-5
            with torch.autocast("cpu", torch.bfloat16):
                scores = net(lines.to(memory_format=torch.channels_last))
            scores = scores.float().permute(2, 0, 1).log_softmax(2)
            lengths = torch.tensor([len(label) for label in labels])
            steps = torch.full((len(labels),), scores.shape[0])
            loss = loss_of(scores, torch.cat([torch.tensor(label) for label in labels]), steps, lengths)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            step += 1
            if step % 100 == 0:
                print(f"{used:.2f} of the time, step {step}, loss {loss.item():.3f}", flush=True)
            if step % 1_000 == 0:
                torch.save(net.state_dict(), out)
    torch.save(net.state_dict(), out)


def _batches(shards: Path, random: np.random.Generator) -> Iterator[tuple[Tensor, list[list[int]]]]:
    """All samples once, in any order, each a little changed."""
    for path in random.permutation(sorted(shards.glob("train-*.npz"))):
        with np.load(path) as shard:
            lines, texts = shard["lines"], shard["texts"]
        labels = [[1 + CHARACTERS.index(character) for character in text] for text in texts]
        order = [place for place in random.permutation(len(lines)) if labels[place]]
        for first in range(0, len(order) - _BATCH + 1, _BATCH):
            chosen = order[first : first + _BATCH]
            yield changed(lines[chosen], random)[0], [labels[place] for place in chosen]


if __name__ == "__main__":
    main(
        Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]) if len(sys.argv) > 4 else None
    )
