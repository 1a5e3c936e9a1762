"""Screenshots of the tab's states put together as one picture, for docs/images, where ADCOPY_SCREENSHOTS names it."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image, ImageDraw

_GAP, _HEAD = 12, 22
# Of one sheet; a repository's page shows it at about half of its size.
_WIDTH = 2000
_BYTES = 400_000


class ContactSheet:
    """Takes a screenshot of each state and writes them below each other by rows; without a folder it does nothing."""

    def __init__(self, name: str, columns: int) -> None:
        folder = os.environ.get("ADCOPY_SCREENSHOTS")
        self._file = Path(folder) / name if folder else None
        self._columns = columns
        self._taken: list[tuple[str, Image.Image]] = []

    def take(self, page, state: str) -> None:
        """Keep what the page shows now, without what lies below the screen."""
        if self._file:
            # Until what fades in is there.
            page.wait_for_timeout(400)
            self._taken.append((state, Image.open(io.BytesIO(page.screenshot(type="png"))).convert("RGB")))

    def write(self) -> None:
        """Write the sheet, as good as its bytes allow."""
        if not self._file or not self._taken:
            return
        width = (_WIDTH - _GAP * (self._columns + 1)) // self._columns
        shots = [(state, _scaled(shot, width)) for state, shot in self._taken]
        rows = [shots[at : at + self._columns] for at in range(0, len(shots), self._columns)]
        height = sum(max(shot.height for _, shot in row) + _HEAD + _GAP for row in rows) + _GAP
        sheet = Image.new("RGB", (_WIDTH, height), "#e5e7eb")
        draw, top = ImageDraw.Draw(sheet), _GAP
        for row in rows:
            for column, (state, shot) in enumerate(row):
                left = _GAP + column * (width + _GAP)
                draw.text((left, top), state, fill="#111827")
                sheet.paste(shot, (left, top + _HEAD))
            top += max(shot.height for _, shot in row) + _HEAD + _GAP
        for quality in range(85, 20, -5):
            held = io.BytesIO()
            sheet.save(held, format="JPEG", quality=quality, optimize=True)
            if held.tell() < _BYTES:
                break
        self._file.write_bytes(held.getvalue())


def _scaled(shot: Image.Image, width: int) -> Image.Image:
    return shot.resize((width, round(shot.height * width / shot.width)), Image.Resampling.LANCZOS)
