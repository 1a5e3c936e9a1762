"""The loss curve and the histogram as SVG made here: numbers in, no text of the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _MARGIN = 640, 180, 34
_POINTS_AT_MOST = 300
_BARS_AT_LEAST, _BARS_AT_MOST = 8, 40


def losses(
    steps: int, loss: Sequence[tuple[int, float]], held_out: Sequence[tuple[int, float]], labels: tuple[str, str]
) -> str:
    """Return both losses over the steps of a training, (step, nats a token) each; `labels` are the lines' names."""
    if not loss:
        return ""
    values = [value for _, value in (*loss, *held_out)]
    low, high = min(values), max(values)
    spread = (high - low) or 1.0

    def place(step: int, value: float) -> str:
        x = _MARGIN + (_WIDTH - 2 * _MARGIN) * step / max(steps, 1)
        y = _MARGIN / 2 + (_HEIGHT - 1.5 * _MARGIN) * (high - value) / spread
        return f"{x:.1f},{y:.1f}"

    every = -(-len(loss) // _POINTS_AT_MOST)
    # The last point is always there: it is the one that moves.
    line = [place(*point) for point in loss[::every]] + [place(*loss[-1])]
    dots = "".join(
        '<circle cx="{}" cy="{}" r="3"/>'.format(*place(*point).split(",")) for point in held_out
    )
    held = " ".join(place(*point) for point in held_out)
    base = _HEIGHT - _MARGIN
    return (
        f'<svg class="adcopy-curve" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f'<path class="adcopy-axis" d="M{_MARGIN},{_MARGIN / 2}V{base}H{_WIDTH - _MARGIN}"/>'
        f'<text x="2" y="{_MARGIN / 2 + 8}">{high:.2f}</text><text x="2" y="{base}">{low:.2f}</text>'
        f'<text x="{_MARGIN}" y="{_HEIGHT - 14}">0</text>'
        f'<text x="{_WIDTH - _MARGIN}" y="{_HEIGHT - 14}" text-anchor="end">{steps}</text>'
        f'<polyline class="adcopy-loss" points="{" ".join(line)}"/>'
        f'<polyline class="adcopy-held" points="{held}"/><g class="adcopy-held">{dots}</g>'
        f'<text class="adcopy-loss" x="{_MARGIN + 60}" y="{_HEIGHT - 14}">— {labels[0]}</text>'
        f'<text class="adcopy-held" x="{_MARGIN + 220}" y="{_HEIGHT - 14}">● {labels[1]}</text></svg>'
    )


def histogram(counts: Mapping[int, int], step: int) -> str:
    """Return bars for counts by the length they begin at, `step` apart; the last has all that is longer still."""
    if not counts:
        return ""
    last = step * (min(max(max(counts) // step + 1, _BARS_AT_LEAST), _BARS_AT_MOST) - 1)
    beyond = max(counts) > last
    shown: dict[int, int] = {}
    for start, count in counts.items():
        shown[min(start, last)] = shown.get(min(start, last), 0) + count
    most = max(shown.values())
    bars = last // step + 1
    wide = (_WIDTH - 2 * _MARGIN) / bars
    tall = 70
    drawn = "".join(
        f'<rect x="{_MARGIN + wide * (start // step):.1f}" y="{tall * (1 - count / most) + 4:.1f}" '
        f'width="{max(wide - 1, 0.5):.1f}" height="{tall * count / most:.1f}">'
        f"<title>{start}{'+' if beyond and start == last else f'–{start + step - 1}'}: {count}</title></rect>"
        for start, count in shown.items()
    )
    return (
        f'<svg class="adcopy-curve" viewBox="0 0 {_WIDTH} {tall + 24}" role="img">{drawn}'
        f'<text x="{_MARGIN - 4}" y="14" text-anchor="end">{most}</text><text x="{_MARGIN}" y="{tall + 20}">0</text>'
        f'<text x="{_WIDTH - _MARGIN}" y="{tall + 20}" text-anchor="end">{last + step}{"+" * beyond}</text></svg>'
    )
