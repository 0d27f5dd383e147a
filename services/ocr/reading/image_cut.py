"""Cuts an image file (JPEG, PNG, TIFF with frames, HEIC, WebP) into page blobs.

Place in the pipeline: called by `pages`. Trust level: hostile; Pillow opens the header first and its limits hold
before anything is decoded. Residual risk: a decoder's own bug, contained by the sandbox.
"""

import io
import warnings
from collections.abc import Callable

from PIL import Image, UnidentifiedImageError

from services.ocr.reading.blob import Header, write_blob

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF")  # HEIF last, for it may not be registered
MAX_PIXELS = 50_000_000
MAX_FRAMES = 500
_ORIENTATION, _CAMERA_MAKE = 0x0112, 0x010F


def open_untrusted_image(untrusted_file: bytes) -> Image.Image:
    """The image, not yet decoded; `ValueError` when it is too large or of no accepted format."""
    if untrusted_file[4:8] == b"ftyp":
        # HEIC alone needs this library, and its import costs as much as a page.
        import pillow_heif  # noqa: PLC0415

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(io.BytesIO(untrusted_file), formats=FORMATS)
        except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise ValueError("image_refused") from error


def open_image(untrusted_file: bytes) -> tuple[int, Callable[[int], bytes]]:
    """Number of frames, and how to cut one."""
    image = open_untrusted_image(untrusted_file)
    frames = 1 if image.format in {"MPO", "WEBP", "HEIF"} else int(getattr(image, "n_frames", 1))
    if frames > MAX_FRAMES:
        raise ValueError("too_many_frames")

    def cut(index: int) -> bytes:
        if frames == 1:
            return write_blob(_header(image), untrusted_file)
        image.seek(index)
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("image_refused")
        target = io.BytesIO()
        image.copy().save(target, "PNG", compress_level=1)
        return write_blob(_header(image), target.getvalue())

    return frames, cut


def _header(image: Image.Image) -> Header:
    """Turn, photo or not, and size in points where the file tells a believable resolution."""
    try:
        exif = image.getexif()
    except OSError:  # of a PNG that is cut short: it looks behind the picture
        exif = Image.Exif()
    # pillow-heif has turned the picture already, and a frame of a TIFF is saved as it lies.
    orientation = 1 if image.format == "HEIF" else int(exif.get(_ORIENTATION, 1))
    is_photo = image.format in {"HEIF", "MPO"} or bool(exif.get(_CAMERA_MAKE))
    return Header(kind="image", orientation=orientation if 1 <= orientation <= 8 else 1, is_photo=is_photo)
