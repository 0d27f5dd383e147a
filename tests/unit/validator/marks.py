"""Two fingerprints of marks that are not the same picture, for tests of papers that come twice."""

from wetink.fingerprints import HEIGHT, WIDTH, pack


def _drawn(rise: int) -> str:
    """A bent line across the canvas."""
    cells = {
        (10 + (column * rise // 3 + column * column // 200) % (HEIGHT - 20), column) for column in range(20, 140)
    }
    rows = [
        sum(1 << (7 - bit) for bit in range(8) if (row, 8 * byte + bit) in cells)
        for row in range(HEIGHT)
        for byte in range(WIDTH // 8)
    ]
    return pack(bytes(rows), bytes(WIDTH * HEIGHT // 8))


MARK, ANOTHER_MARK = _drawn(1), _drawn(5)
