"""Changes lines a little each time they are seen."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


def changed(lines: NDArray[np.uint8], random: np.random.Generator) -> tuple[Tensor, NDArray[np.float32]]:
    """Moved, stretched, sheared, stronger or weaker; and for each line factor and shift from new x to old (-1..1).

    A line begins at the left, and its end must stay inside.
    """
    count, _, wide = lines.shape
    ends = wide - (lines.max(axis=1) > 0)[:, ::-1].argmax(axis=1)
    across = 1 / random.uniform(0.85, np.clip(0.98 * wide / ends, 0.9, 1.12))
    matrix = np.zeros((count, 2, 3), np.float32)
    matrix[:, 0, 0] = across
    matrix[:, 0, 1] = random.normal(0, 0.012, count)
    matrix[:, 0, 2] = across - 1 + random.uniform(-0.03, 0.01, count)
    matrix[:, 1, 1] = random.uniform(0.92, 1.15, count)
    matrix[:, 1, 2] = random.normal(0, 0.05, count)
    tensor = torch.from_numpy(lines.astype(np.float32) / 255)[:, None]
    grid = nn.functional.affine_grid(torch.from_numpy(matrix), list(tensor.shape), align_corners=False)
    moved = nn.functional.grid_sample(tensor, grid, align_corners=False)
    strength = torch.from_numpy(random.uniform(0.7, 1.3, (count, 1, 1, 1)).astype(np.float32))
    noise = torch.from_numpy(random.normal(0, 0.03, moved.shape).astype(np.float32))
    return (moved * strength + noise).clamp(0, 1), matrix[:, 0][:, [0, 2]]
