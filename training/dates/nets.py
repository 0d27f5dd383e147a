"""The two nets: small, of convolutions only, so that OpenCV runs them."""

from collections.abc import Iterator

from torch import Tensor, nn

CHARACTERS = "0123456789/-.?"
"""`?` is any letter or other sign. Before them there is a blank: no character."""


class Block(nn.Sequential):
    """Convolution, normalisation, rectifier."""

    def __init__(self, before: int, after: int, size: tuple[int, int] = (3, 3), dilation: int = 1) -> None:
        pad = (size[0] // 2, dilation * (size[1] // 2))
        super().__init__(
            nn.Conv2d(before, after, size, padding=pad, dilation=(1, dilation), bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        )


def _eyes() -> list[nn.Module]:
    """What both nets begin with: a line, 1 x 32 x 256, to 64 steps of 128 features, each of 34 px around it."""
    return [
        Block(1, 16),
        nn.MaxPool2d(2),
        Block(16, 32),
        nn.MaxPool2d(2),
        Block(32, 64),
        Block(64, 64),
        nn.MaxPool2d((2, 1)),
        Block(64, 96),
        nn.MaxPool2d((2, 1)),
        nn.Conv2d(96, 128, (2, 1), bias=False),
        nn.BatchNorm2d(128),
        nn.ReLU(inplace=True),
        nn.Dropout(0.1),
    ]


class SequenceNet(nn.Module):
    """A line to 64 steps of 15 scores; each step knows what is beside it, up to 40 px each way."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_eyes(),
            Block(128, 128, (1, 3)),
            Block(128, 128, (1, 3), 2),
            Block(128, 128, (1, 3)),
            nn.Dropout(0.1),
            nn.Conv2d(128, 1 + len(CHARACTERS), 1),
        )

    def forward(self, lines: Tensor) -> Tensor:
        """Scores, n x 15 x 64."""
        return self.layers(lines)[:, :, 0]


class DigitNet(nn.Module):
    """A line to 64 steps of 15 scores: the character whose middle is there. It sees one character at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_eyes(), nn.Conv2d(128, 1 + len(CHARACTERS), 1))

    def forward(self, lines: Tensor) -> Tensor:
        """Scores, n x 15 x 64."""
        return self.layers(lines)[:, :, 0]


def without_normalisation(layers: nn.Sequential) -> Iterator[nn.Module]:
    """The layers in order with each normalisation folded into the convolution before it; for use, not training."""
    flat = [layer for layer in layers.modules() if not list(layer.children())]
    for layer, after in zip(flat, [*flat[1:], None], strict=True):
        if isinstance(layer, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
            yield nn.utils.fusion.fuse_conv_bn_eval(layer.eval(), after.eval())
        elif not isinstance(layer, nn.BatchNorm2d | nn.Dropout):
            yield layer
