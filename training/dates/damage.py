"""What scanners, fax machines and phones do to a crop at 200 dpi; grey in, grey out, nothing moves."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
WAYS = ("clean", "scan", "fax", "photo")


def damage(page: Grey, way: str, random: np.random.Generator) -> Grey:
    """The page as it arrives."""
    if way == "clean":
        return page
    if way == "fax":
        return _fax(page, random)
    return _photo(page, random) if way == "photo" else _scan(page, random)


def _scan(page: Grey, random: np.random.Generator) -> Grey:
    seen = _lower(page, random.uniform(0.6, 1.0)) if random.random() < 0.5 else page
    seen = cv2.GaussianBlur(seen, (0, 0), random.uniform(0.3, 1.1))
    seen = _noisy(seen, random, random.uniform(0, 6))
    if random.random() < 0.15:
        seen = np.clip(
            (seen.astype(np.float32) - 128) * random.uniform(1.2, 3) + random.uniform(100, 170), 0, 255
        ).astype(np.uint8)
    seen = _specks(seen, random, int(random.integers(0, 5)))
    return _jpeg(seen, int(random.integers(35, 95)))


def _fax(page: Grey, random: np.random.Generator) -> Grey:
    seen = cv2.GaussianBlur(page, (0, 0), random.uniform(0.3, 0.9))
    high, wide = seen.shape
    rows = high // 2 if random.random() < 0.35 else high
    small = cv2.resize(seen, (wide, rows), interpolation=cv2.INTER_AREA)
    small = _noisy(small, random, random.uniform(2, 12))
    bits = np.where(small < random.uniform(130, 215), 0, 255).astype(np.uint8)
    bits = _specks(bits, random, int(random.integers(0, 14)))
    return cv2.resize(
        bits, (wide, high), interpolation=cv2.INTER_NEAREST if random.random() < 0.5 else cv2.INTER_LINEAR
    )


def _photo(page: Grey, random: np.random.Generator) -> Grey:
    seen = _lower(page, random.uniform(0.5, 1.0))
    seen = cv2.GaussianBlur(seen, (0, 0), random.uniform(0.4, 1.7))
    if random.random() < 0.3:
        seen = _shaken(seen, random)
    high, wide = seen.shape
    slope = random.normal(0, 0.12, 2)
    light = (
        random.uniform(0.5, 0.95)
        + slope[0] * np.linspace(-1, 1, wide)[None, :]
        + slope[1] * np.linspace(-1, 1, high)[:, None]
    )
    seen = np.clip(seen * np.clip(light, 0.25, 1.05), 0, 255).astype(np.uint8)
    seen = _noisy(seen, random, random.uniform(1, 9))
    return _jpeg(seen, int(random.integers(30, 92)))


def _lower(page: Grey, share: float) -> Grey:
    high, wide = page.shape
    small = cv2.resize(page, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR)


def _shaken(page: Grey, random: np.random.Generator) -> Grey:
    length = int(random.integers(3, 6))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    return cv2.filter2D(page, -1, kernel if random.random() < 0.5 else kernel.T)


def _noisy(page: Grey, random: np.random.Generator, sigma: float) -> Grey:
    noise = random.normal(0, sigma, page.shape).astype(np.float32)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def _specks(page: Grey, random: np.random.Generator, count: int) -> Grey:
    seen = page.copy()
    for _ in range(count):
        x, y = int(random.integers(seen.shape[1])), int(random.integers(seen.shape[0]))
        cv2.circle(seen, (x, y), int(random.integers(1, 3)), int(random.integers(0, 120)), -1)
    return seen


def _jpeg(page: Grey, quality: int) -> Grey:
    return cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)
