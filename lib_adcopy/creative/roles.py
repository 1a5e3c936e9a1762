"""The type scales a layout can ask for: which family, weight and tracking each role has."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.creative.glyphs import TypeStyle


@dataclass(frozen=True)
class Roles:
    """`display` sets headlines, `text` points and sublines, `small` notes, `number` prices."""

    display: TypeStyle
    text: TypeStyle
    small: TypeStyle
    number: TypeStyle


SCALES = {
    "loud": Roles(
        TypeStyle("sans", 900, -0.01), TypeStyle("sans", 700), TypeStyle("sans", 500), TypeStyle("sans", 900, -0.02)
    ),
    "light": Roles(
        TypeStyle("sans", 500, 0.06), TypeStyle("sans", 400, 0.04), TypeStyle("sans", 400), TypeStyle("sans", 600)
    ),
    "plain": Roles(
        TypeStyle("sans", 800), TypeStyle("sans", 400), TypeStyle("sans", 400), TypeStyle("sans", 800, -0.02)
    ),
    "serif": Roles(
        TypeStyle("serif", 700, 0.04), TypeStyle("serif", 400, 0.04), TypeStyle("serif", 400), TypeStyle("serif", 700)
    ),
    "spec": Roles(
        TypeStyle("sans", 700, 0.01),
        TypeStyle("sans", 400, 0.01),
        TypeStyle("sans", 400),
        TypeStyle("sans", 700, -0.02),
    ),
    "soft": Roles(
        TypeStyle("sans", 650, 0.03),
        TypeStyle("sans", 450, 0.02),
        TypeStyle("sans", 400),
        TypeStyle("sans", 700, -0.01),
    ),
}
