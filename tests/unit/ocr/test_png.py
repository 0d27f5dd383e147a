"""The small PNG writer, read back by an image library."""

import io

import pytest
from PIL import Image

from services.ocr.png import encode
from services.ocr.sandbox.results import Pixels


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_pixels_come_back_as_they_were(channels, mode):
    data = bytes(range(5 * 3 * channels))
    picture = Image.open(io.BytesIO(encode(Pixels(5, 3, channels, data))))
    assert (picture.size, picture.mode, picture.tobytes()) == ((5, 3), mode, data)
