"""Devices between paper and file: office scanner, copier, fax machine, phone."""

import io
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image

from benchmarks.simulator.pens import PAPER_DPI
from benchmarks.simulator.sheet import Picture

Device = Callable[[Picture, Generator], bytes]


def office(paper: Picture, random: Generator) -> bytes:
    """A PDF from a sheet-fed scanner at 100 to 300 dpi: tilt, softness, noise, colour cast, JPEG or one bit."""
    if random.random() < 0.12:
        paper = copied(paper, random)
    dpi = int(random.choice([100, 150, 200, 200, 200, 240, 300, 300]))
    page = _tilted(paper, random, random.normal(0, 0.7), dpi / PAPER_DPI)
    page = cv2.GaussianBlur(page, (0, 0), random.uniform(0.3, 0.9) * dpi / 200)
    page = _noisy(page, random, random.uniform(0.5, 4))
    page = _levels(page, random)
    kind = random.random()
    if kind < 0.12:
        grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
        return _pdf(Image.fromarray(grey).point(_threshold(random.uniform(120, 190)), "1"), dpi)
    image = Image.fromarray(cv2.cvtColor(page, cv2.COLOR_BGR2RGB))
    return _pdf(image.convert("L") if kind < 0.5 else image, dpi, quality=int(random.uniform(35, 92)))


def fax(paper: Picture, random: Generator) -> bytes:
    """A one-bit PDF of 204 x 98 or 204 x 196 dpi, by a threshold or dithered."""
    if random.random() < 0.2:
        paper = copied(paper, random)
    page = _tilted(paper, random, random.normal(0, 0.6), 204 / PAPER_DPI)
    grey = cv2.GaussianBlur(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), (0, 0), random.uniform(0.4, 0.9))
    rows = 98 if random.random() < 0.3 else 196
    grey = cv2.resize(grey, (grey.shape[1], grey.shape[0] * rows // 204), interpolation=cv2.INTER_AREA)
    if random.random() < 0.8:
        bits = Image.fromarray(grey).point(_threshold(random.uniform(130, 205)), "1")
    else:
        bits = Image.fromarray(_stretched(grey)).convert("1")
    return _pdf(bits, 204, rows)


def phone(paper: Picture, random: Generator) -> bytes:
    """A JPEG photo: on a table, at an angle, curled or folded, in uneven light, perhaps blurred."""
    wide = paper.shape[1]
    edge = int(random.uniform(0.01, 0.08) * wide)
    table = tuple(int(v) for v in random.uniform(20, 150, 3))
    scene = cv2.copyMakeBorder(paper, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=table)
    scene = _curled(scene, random)
    right, bottom = scene.shape[1], scene.shape[0]
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
    seen = corners + (random.normal(0, 0.022, (4, 2)) * wide).astype(np.float32)
    seen -= seen.min(axis=0)
    scale = random.uniform(0.65, 1.25)
    seen = (seen * scale).astype(np.float32)
    size = np.ceil(seen.max(axis=0)).astype(int)
    view = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(scene, view, (int(size[0]), int(size[1])), flags=cv2.INTER_AREA, borderValue=table)
    photo = _lit(photo, random)
    blur = random.uniform(0.4, 1.1) if random.random() < 0.85 else random.uniform(1.2, 2.6)
    photo = cv2.GaussianBlur(photo, (0, 0), blur * scale * 0.9)
    if random.random() < 0.1:
        photo = _shaken(photo, random)
    photo = _noisy(photo, random, random.uniform(1, 7))
    image = Image.fromarray(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB))
    exif = Image.Exif()
    exif[0x010F] = "Made Up"
    target = io.BytesIO()
    image.save(target, "JPEG", quality=int(random.uniform(45, 92)), exif=exif)
    return target.getvalue()


def copied(paper: Picture, random: Generator) -> Picture:
    """A copier's idea of the paper: grey, steep, a little thicker or thinner."""
    grey = cv2.GaussianBlur(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY), (0, 0), random.uniform(0.6, 1.2)).astype(
        np.float32
    )
    middle, steep = random.uniform(130, 190), random.uniform(15, 45)
    copy = 255 / (1 + np.exp(-(grey - middle) / steep))
    return cv2.cvtColor(copy.astype(np.uint8), cv2.COLOR_GRAY2BGR)


DEVICES: dict[str, Device] = {"office": office, "fax": fax, "phone": phone}


def _tilted(paper: Picture, random: Generator, degrees: float, scale: float) -> Picture:
    """Turned a little (now and then by 180 degrees), shifted, an edge cut off, at another resolution."""
    if random.random() < 0.05:
        paper = np.ascontiguousarray(paper[::-1, ::-1])
    high, wide = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, scale)
    size = round(wide * scale), round(high * scale)
    turn[:, 2] += (np.array(size) - (wide, high)) / 2 + random.normal(0, 6, 2) * scale
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    if scale < 0.7:
        paper = cv2.GaussianBlur(paper, (0, 0), 0.4 / scale)
    return np.asarray(cv2.warpAffine(paper, turn, size, flags=flags, borderValue=(250, 250, 250)), np.uint8)


def _curled(scene: Picture, random: Generator) -> Picture:
    """Paper that is not flat: soft waves, or two halves with a fold between."""
    if random.random() < 0.35:
        return scene
    high, wide = scene.shape[:2]
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    if random.random() < 0.7:
        depth = random.uniform(2, 16)
        length = random.uniform(0.8, 2.2) * wide
        y = y + depth * np.sin(2 * np.pi * (x / length + random.random())).astype(np.float32)
        x = x + depth * 0.5 * np.sin(2 * np.pi * (y / length + random.random())).astype(np.float32)
    else:
        crease = high * random.uniform(0.3, 0.7)
        x = x + np.where(y > crease, (y - crease) * random.normal(0, 0.012), 0).astype(np.float32)
        y = y + np.where(y > crease, (y - crease) * random.normal(0, 0.02), 0).astype(np.float32)
    return np.asarray(cv2.remap(scene, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _lit(photo: Picture, random: Generator) -> Picture:
    """Light from one side, the shadow of a hand or the phone, a colour cast."""
    high, wide = photo.shape[:2]
    across = np.linspace(random.uniform(0.6, 1), random.uniform(0.6, 1), wide, dtype=np.float32)[None, :]
    down = np.linspace(random.uniform(0.7, 1), random.uniform(0.7, 1), high, dtype=np.float32)[:, None]
    light = across * down
    if random.random() < 0.5:
        shadow = np.ones((high // 16, wide // 16), np.float32)
        middle = int(random.uniform(0, shadow.shape[1])), int(random.uniform(0, shadow.shape[0]))
        axes = int(shadow.shape[1] * random.uniform(0.3, 0.8)), int(shadow.shape[0] * random.uniform(0.2, 0.5))
        cv2.ellipse(shadow, middle, axes, random.uniform(0, 180), 0, 360, random.uniform(0.45, 0.8), -1)
        shadow = cv2.GaussianBlur(shadow, (0, 0), random.uniform(1, 8))
        light = light * cv2.resize(shadow, (wide, high))
    cast = random.uniform(0.82, 1.0, 3).astype(np.float32)
    return np.asarray((photo * light[:, :, None] * cast).astype(np.uint8))


def _shaken(photo: Picture, random: Generator) -> Picture:
    length = int(random.uniform(3, 9))
    kernel = np.zeros((length, length), np.float32)
    angle = random.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    middle = np.array([length / 2, length / 2])
    one, other = (middle - reach).astype(int), (middle + reach).astype(int)
    cv2.line(kernel, (int(one[0]), int(one[1])), (int(other[0]), int(other[1])), 1.0, 1)
    return np.asarray(cv2.filter2D(photo, -1, kernel / max(1.0, float(kernel.sum()))), np.uint8)


def _noisy(page: Picture, random: Generator, sigma: float) -> Picture:
    noise = np.empty(page.shape[:2], np.int16)
    cv2.setRNGSeed(int(random.integers(2**31)))
    cv2.randn(noise, 0, sigma)
    return np.asarray(np.clip(page.astype(np.int16) + noise[:, :, None], 0, 255), np.uint8)


def _levels(page: Picture, random: Generator) -> Picture:
    """The scanner's idea of white and black, and its cast."""
    gain = random.uniform(0.85, 1.08) * random.uniform(0.96, 1.0, 3)
    return np.asarray(np.clip(page * gain + random.uniform(-5, 12), 0, 255).astype(np.uint8))


def _stretched(grey: Picture) -> Picture:
    """White paper white, so that a dither leaves no dots on it."""
    return np.asarray(np.clip((grey.astype(np.float32) - 30) * 1.25, 0, 255).astype(np.uint8))


def _threshold(limit: float) -> list[int]:
    return [255 if value > limit else 0 for value in range(256)]


def _pdf(image: Image.Image, dpi: int, rows_dpi: int | None = None, quality: int = 80) -> bytes:
    target = io.BytesIO()
    how = {} if image.mode == "1" else {"quality": quality}
    image.save(target, "PDF", resolution=dpi, dpi=(dpi, rows_dpi or dpi), **how)
    return target.getvalue()
