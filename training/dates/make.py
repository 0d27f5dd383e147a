"""Draws the samples: `python -m training.dates.make MATERIAL OUT PART SHARDS [FIRST]`, each shard from its number.

A shard of 2,500 samples takes 20 s of CPU; shards can be drawn side by side.
"""

import sys
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from training.dates.glyphs import Part
from training.dates.samples import draw

SHARD = 2_500
_SEEDS = {"train": 20_261_124, "tune": 7, "test": 11}


def main(material: Path, out: Path, part: Part, first: int, shards: int) -> None:
    """Write `PART-NUMBER.npz` for each shard that is not there yet."""
    cv2.setNumThreads(1)
    for number in range(first, first + shards):
        random = np.random.default_rng((_SEEDS[part], number))
        samples = [draw(material, part, random) for _ in range(SHARD)]
        target = out / f"{part}-{number:03}.npz"
        half = target.with_suffix(".half")
        with half.open("wb") as file:
            np.savez_compressed(
                file,
                lines=np.stack([sample.line for sample in samples]),
                owners=np.stack([sample.owner for sample in samples]),
                texts=np.array([sample.text for sample in samples]),
                kinds=np.array([sample.kind for sample in samples]),
                ways=np.array([sample.way for sample in samples]),
            )
        half.rename(target)


if __name__ == "__main__":
    _, material, out, part, shards, *first = sys.argv
    main(Path(material), Path(out), cast("Part", part), int(first[0]) if first else 0, int(shards))
