"""Describe how high the camera of a product photo stood, from the curve of what the product stands on."""

from __future__ import annotations

import numpy as np

# A round foot seen from above ends lower in its middle than at its sides: by this part of its width or more.
_FROM_ABOVE = 0.07
# Columns, as shares of the foot's width from its left, that are compared.
_MIDDLE, _SIDES = (0.4, 0.6), ((0.04, 0.12), (0.88, 0.96))
# The foot is what of the product lies in this lowest part of it.
_FOOT = 0.22


def camera_height(alpha: np.ndarray) -> str:
    """Return "high" for a product seen from slightly above, "eye" for one seen level, "" where its foot tells nothing.

    `alpha` (H, W) bytes.
    """
    covered = alpha > 127
    rows = np.flatnonzero(covered.any(1))
    if len(rows) < 20:
        return ""
    foot = covered[rows[-1] - round(_FOOT * (rows[-1] - rows[0])) : rows[-1] + 1]
    columns = np.flatnonzero(foot.any(0))
    if not len(columns):
        return ""
    foot = foot[:, columns[0] : columns[-1] + 1]
    width = foot.shape[1]
    lowest = foot.shape[0] - 1 - np.argmax(foot[::-1], axis=0)
    if width < 20 or not foot.any(0).all():
        # Legs, or several pieces.
        return ""

    def level(part: tuple[float, float]) -> float:
        return float(np.median(lowest[int(part[0] * width) : max(int(part[1] * width), int(part[0] * width) + 1)]))

    left, right = (level(part) for part in _SIDES)
    if abs(left - right) > 0.06 * width:
        # Turned: its corner points at the camera.
        return ""
    return "high" if (level(_MIDDLE) - (left + right) / 2) / width > _FROM_ABOVE else "eye"
