"""Creatives measured over briefs, formats and pictures: `python -m benchmarks.creatives [--quick] [--ocr N]`.

The formulas are those of the published layout metrics, in floats (lib_adcopy/creative/metrics.py).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.creative_briefs import load_briefs
from benchmarks.creative_pictures import picture
from benchmarks.report import table, write_section
from lib_adcopy.creative.colour import ENOUGH
from lib_adcopy.creative.maker import make, preview, request_for, thumbnails
from lib_adcopy.creative.picture import AnalysedPicture
from lib_adcopy.creative.render import Rendered
from lib_adcopy.prompting.sizes import formats

FORMATS = (
    "xiaohongshu-3:4", "xiaohongshu-1:1", "xiaohongshu-4:3", "douyin-9:16", "taobao-main", "taobao-banner",
    "ecom-horizontal", "moments-4:5", "moments-16:9", "wechat-cover", "bilibili-16:9", "landscape-1.91:1",
)  # fmt: skip
_PLAIN, _SCENES = ("paper", "peach", "sage", "white"), ("cafe", "kitchen", "garden", "night", "beach")
_NOTE = (
    "The formulas are those of the published layout metrics in floats (lib_adcopy/creative/metrics.py); what they say "
    "of people's own posters on PKU's set is quoted from memory of RALF's table (the best system known, UniLayDiff, "
    "reports 0.115 and 0.0114). Pictures are drawn, of products of "
    "simple bodies on paper and before scenes, so expect more occlusion of photographs full of detail. Seconds are one "
    "processor's. The facts of the forty briefs are typed by hand: setting alone is measured. "
    "Creatives as they are set now, some of whose kinds of fault below are mended, are on "
    "[one](images/creatives.jpg) and [another](images/creatives-wide.jpg) contact sheet."
)
_COMMAND = (
    "Made by `python -m benchmarks.creatives --every {every} --ocr {ocr}`: every {every}th of brief, format and with "
    "or without picture, of which every {ocr}th is read back by rapidocr (tests/requirements/ocr.txt)."
)
# A width at which OCR reads what a phone shows.
_OCR_SIDE = 1100


@dataclass
class Totals:
    """Sums over every creative made."""

    made: int = 0
    valid: int = 0
    readable: int = 0
    overlaps: int = 0
    cut: int = 0
    occlusion: list[float] = field(default_factory=list)
    unreadability: list[float] = field(default_factory=list)
    layouts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, made: Rendered) -> None:
        measures = made.measures
        self.made += 1
        self.valid += bool(made.lines) and not measures.outside
        self.readable += measures.contrast >= ENOUGH
        self.overlaps += measures.overlap > 0
        self.cut += len(measures.outside)
        self.layouts.add(made.arrangement.order.layout.name)
        if made.arrangement.pictures:
            self.occlusion.append(measures.occlusion)
            self.unreadability.append(measures.unreadability)
        if measures.contrast < ENOUGH or measures.overlap > 0 or measures.outside:
            self.faults.append(f"{name} {made.arrangement.order.layout.name}")


def source(product: str, number: int) -> AnalysedPicture | None:
    """The picture of a brief: on paper for every other one, before a scene else."""
    if not product:
        return None
    grounds = _PLAIN if number % 2 else _SCENES
    return AnalysedPicture(picture(product, grounds[number % len(grounds)], 480, 640, number)[0])


def creatives(names: tuple[str, ...], briefs: int, every: int = 1) -> Iterator[tuple[str, Rendered]]:
    """(name, creative) of every brief at every format, with its picture and without; every Nth of them."""
    place = 0
    for number, (brief, copy, product) in enumerate(load_briefs()[:briefs]):
        shown = source(product, number)
        for kind, pictures in (("picture", [shown] if shown else []), ("type", [])):
            if kind == "picture" and not pictures:
                continue
            request = request_for(brief, copy, pictures, seed=number)
            for name in names:
                if place % every == 0:
                    yield f"{number} {kind} {name}", make(request, name)
                place += 1


def recognised(made: Rendered, engine: object) -> tuple[int, int]:
    """(characters OCR read right, characters drawn) of horizontal lines, each line sought in all that was read."""
    image = made.image
    image.thumbnail((_OCR_SIDE, _OCR_SIDE))
    found, _ = engine(np.asarray(image)[:, :, ::-1])  # type: ignore[operator]
    read = plain("".join(text for _, text, _ in found or []))
    lines = [plain(text.text) for text in made.arrangement.texts if not text.vertical and text.text not in "¥$"]
    return sum(in_order(line, read) for line in lines), sum(map(len, lines))


def plain(text: str) -> str:
    """Letters, digits and ideographs alone, in lower case."""
    return "".join(character for character in text.lower() if character.isalnum())


def in_order(line: str, read: str) -> int:
    """How many of a line's characters stand in the best stretch of what was read."""
    if line in read:
        return len(line)
    windows = (read[at : at + len(line)] for at in range(max(1, len(read) - len(line) + 1)))
    return max((sum(a == b for a, b in zip(line, window, strict=False)) for window in windows), default=0)


def speed() -> dict[str, float]:
    """Processor seconds: a creative at 1242 x 1660 (median), every format, eight thumbnails, a preview (median).

    Of one thread; the wall's seconds are those of whatever else the machine does.
    """
    brief, copy, product = load_briefs()[0]
    request = request_for(brief, copy, [AnalysedPicture(picture(product, "paper", 768, 1024)[0])])
    make(request, FORMATS[0])
    once, previews = [], []
    for seed in range(7):
        changed = request_for(brief, copy, request.pictures, seed=seed)
        started = time.process_time()
        make(changed, FORMATS[0])
        once.append(time.process_time() - started)
        started = time.process_time()
        preview(changed, FORMATS[0])
        previews.append(time.process_time() - started)
    started = time.process_time()
    for name in formats():
        make(request, name)
    every = time.process_time() - started
    started = time.process_time()
    list(thumbnails(request, FORMATS[0]))
    eight = time.process_time() - started
    return {
        "one": statistics.median(once), "every": every, "formats": len(formats()), "thumbnails": eight,
        "preview": statistics.median(previews),
    }  # fmt: skip


def main() -> None:
    """Prints the table of docs/quality.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="six briefs and four formats")
    parser.add_argument("--every", type=int, default=1, help="make every Nth only; 5 takes each format and brief")
    parser.add_argument("--ocr", type=int, default=0, help="read every Nth creative back (rapidocr)")
    parser.add_argument("--out", type=Path, help="keep the creatives here")
    options = parser.parse_args()
    engine = None
    if options.ocr:
        from rapidocr_onnxruntime import RapidOCR

        engine = RapidOCR()
    totals, right, drawn = Totals(), 0, 0
    names, briefs = (FORMATS[::3], 6) if options.quick else (FORMATS, 40)
    for number, (name, made) in enumerate(creatives(names, briefs, options.every)):
        totals.add(name, made)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            made.image.save(options.out / f"{name.replace(' ', '-').replace(':', '_')}.jpg", quality=88)
        if engine and number % options.ocr == 0:
            read, wanted = recognised(made, engine)
            right, drawn = right + read, drawn + wanted
    text = report(totals, speed(), right, drawn)
    command = _COMMAND.format(ocr=options.ocr, every=options.every)
    print(text, *(f"fault: {fault}" for fault in totals.faults[:20]), sep="\n")
    if not options.quick:
        write_section("quality.md", "Creatives", f"{text}\n\n{_NOTE}\n\n{command}")


def report(totals: Totals, times: dict[str, float], right: int, drawn: int) -> str:
    """Make the table, one row a measure."""
    share = totals.made / 100
    rows = [
        ["creatives made, layouts used", "-", f"{totals.made}, {len(totals.layouts)}"],
        ["valid: type on the canvas and in the safe area", "100 %", f"{totals.valid / share:.1f} %"],
        ["contrast of every line >= 4.5", "100 %", f"{totals.readable / share:.1f} %"],
        ["creatives with overlapping parts, lines cut", "0, 0", f"{totals.overlaps}, {totals.cut}"],
        ["occlusion, mean", "0.112 (people's, PKU)", f"{statistics.mean(totals.occlusion):.3f}"],
        ["unreadability, mean", "0.0102 (people's, PKU)", f"{statistics.mean(totals.unreadability):.4f}"],
        *([["characters read back by OCR", "97 %", f"{right / drawn:.1%} of {drawn}"]] if drawn else []),
        ["one creative at 1242 x 1660", "0.4 s", f"{times['one']:.2f} s"],
        [f"{times['formats']:.0f} formats", "8 s", f"{times['every']:.1f} s"],
        ["eight thumbnails", "2 s", f"{times['thumbnails']:.1f} s"],
        ["a preview", "0.3 s", f"{times['preview']:.2f} s"],
    ]
    return table(["40 briefs x 12 formats, with and without picture", "target", "found"], rows)


if __name__ == "__main__":
    main()
