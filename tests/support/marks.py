"""Fingerprints of made-up marks, for tests of what is done with them: another mark for each seed."""

from random import Random

from wetink.fingerprints import HEIGHT, WIDTH, pack


def fingerprint(seed: int, moved: int = 0) -> str:
    """The fingerprint of a wandering line, moved to the right by some cells."""
    random = Random(seed)
    cells = bytearray(WIDTH * HEIGHT)
    x, y = 25.0, HEIGHT / 2
    up = 0.0
    while x < WIDTH - 25:
        up = max(-1.5, min(1.5, up + random.uniform(-0.5, 0.5)))
        x, y = x + 0.4, max(8.0, min(HEIGHT - 8.0, y + up))
        cells[round(y) * WIDTH + round(x) + moved] = 1
    packed = bytes(
        sum(cells[8 * place + bit] << (7 - bit) for bit in range(8)) for place in range(WIDTH * HEIGHT // 8)
    )
    return pack(packed, bytes(len(packed)))
