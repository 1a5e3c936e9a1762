"""`creative`: a brief, a copy and a picture set in a layout at platforms' sizes, with checks and label, to files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.cli.arguments import Commands
from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from lib_adcopy.creative.checks import Check
    from lib_adcopy.creative.maker import Request
    from lib_adcopy.creative.picture import AnalysedPicture
    from lib_adcopy.creative.render import Rendered
    from lib_adcopy.domain.brief import Brief
    from lib_adcopy.domain.copy import Copy

ALL = "all"
_PIXELS = 100_000_000


def add(commands: Commands) -> None:
    from lib_adcopy.domain.brief import PLATFORMS, TONES

    parser = commands.add("creative", _creative, "set a brief, its copy and a picture as finished creatives")
    parser.add_argument("--brief", required=True, help="the product in words")
    parser.add_argument("--copy", default="", help="the copy, or a file with it: the title on the first line")
    parser.add_argument(
        "--image", action="append", default=[], help="a picture; may be given again; none for type alone"
    )
    parser.add_argument("--mask", type=Path, help="the product in the first picture, white on black")
    parser.add_argument("--layout", default="auto", help="a layout's name, or auto")
    parser.add_argument("--format", nargs="+", default=["xiaohongshu-3:4"], metavar="NAME", help="formats, or all")
    parser.add_argument("--brand", type=Path, help="a brand kit: brand.json or its folder")
    parser.add_argument("--palette", default="", help="a palette's name")
    parser.add_argument("--label", choices=("on", "off"), help="the visible AI label (on for Chinese)")
    parser.add_argument(
        "--label-corner", default="", choices=("", "top-right", "top-left", "bottom-right", "bottom-left")
    )
    parser.add_argument("--producer", default="", help="the provider's code or name in the label's metadata")
    parser.add_argument("--type", dest="kind", default="", choices=("", "jpeg", "png", "webp"), help="file type")
    parser.add_argument(
        "--set",
        dest="edits",
        action="append",
        default=[],
        metavar="SLOT=TEXT",
        help="a slot by hand; SLOT= switches it off",
    )
    parser.add_argument(
        "--nudge", action="append", default=[], metavar="SLOT=WAY", help="headline=left, price=larger, points=up, ..."
    )
    parser.add_argument("--main-pictures", action="store_true", help="Taobao's five main pictures as one set")
    parser.add_argument("--platform", choices=PLATFORMS)
    parser.add_argument("--tone", choices=TONES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--zip", action="store_true", help="all files in one zip as well")
    parser.add_argument("--out", type=Path, required=True)


def _creative(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.creative.checks import check, summary
    from lib_adcopy.creative.export import save_creative, write_zip
    from lib_adcopy.storage.aigc_label import make_label

    brief = _brief(options)
    copy = _copy(options, brief)
    request = _request(options, brief, copy)
    files, paths = [], []
    for name, stem, rendered in _rendered(options, request):
        order = rendered.arrangement.order
        kind = options.kind if options.kind in order.format.types else ""
        label = make_label(options.producer)
        saved = save_creative(
            rendered.image, order.format, options.out, stem, kind=kind, texts=_texts(brief, copy), label=label,
            rights=rendered.rights,
        )  # fmt: skip
        paths.append(saved.path)
        found = check(rendered)
        files.append({
            "path": saved.path.name, "format": name, "layout": order.layout.name, "size_kb": saved.size_kb,
            "width": rendered.image.width, "height": rendered.image.height, "palette": order.palette.name,
            "checks": summary(rendered), "text": list(rendered.lines), "notes": _notes(found, options.language),
            "findings": [_finding(each, options.language) for each in found],
        })  # fmt: skip
    answer: dict[str, Any] = {"files": files}
    if options.zip:
        answer["zip"] = write_zip(paths, options.out / "creatives.zip").name
    return answer


def _rendered(options: argparse.Namespace, request: Request) -> Iterator[tuple[str, str, Rendered]]:
    """Yield (format, file name without ending, creative) of what is asked for."""
    from lib_adcopy.creative.export import file_stem
    from lib_adcopy.creative.maker import make
    from lib_adcopy.creative.sets import taobao_five

    if options.main_pictures:
        for number, (name, made) in enumerate(taobao_five(request), 1):
            yield made.arrangement.order.format.name, f"{number}-{name}", made
        return
    for number, name in enumerate(_formats(options.format, bool(request.pictures)), 1):
        yield name, file_stem(number, name, request.filled.headline), make(request, name)


def _finding(check: Check, language: str) -> dict[str, Any]:
    """Return one check as JSON: what mends it is given as `mend` of lib_adcopy.creative.mend takes it."""
    said = check.message.text(language)
    return {"name": check.name, "level": check.level, "text": said, "mend": dict(check.mend)}


def _notes(checks: Iterable[Check], language: str) -> list[str]:
    """List what is to be mended, in words."""
    return [f"{each.level}: {each.message.text(language)}" for each in checks if each.level != "ok"]


def _brief(options: argparse.Namespace) -> Brief:
    from lib_adcopy.copywriting.brief import parse_brief

    settings = {name: value for name in ("platform", "tone") if (value := getattr(options, name))}
    return parse_brief(options.brief, **settings)


def _copy(options: argparse.Namespace, brief: Brief) -> Copy | None:
    from lib_adcopy.cli.consoles import read_text_file
    from lib_adcopy.copywriting.answers import split_copy

    if not options.copy:
        return None
    text = options.copy
    if "\n" not in text and len(text) < 260 and Path(text).is_file():
        text = read_text_file(Path(text))
    return split_copy(text)


def _request(options: argparse.Namespace, brief: Brief, copy: Copy | None) -> Request:
    from lib_adcopy.creative.brand import BrandKit, read_brand
    from lib_adcopy.creative.layout import get_layout
    from lib_adcopy.creative.maker import AUTO, request_for

    if options.layout != AUTO:
        get_layout(options.layout)
    request = request_for(
        brief,
        copy,
        _pictures(options),
        label=None if options.label is None else options.label == "on",
        layout=options.layout,
        palette=options.palette,
        brand=read_brand(options.brand) if options.brand else BrandKit(),
        corner=options.label_corner,
        seed=max(options.seed, 0),
    )
    return replace(request, edits=_edits(options.edits), nudges=_nudges(options.nudge))


def _edits(given: list[str]) -> dict[str, str | None]:
    from lib_adcopy.creative.content import SLOTS

    edits: dict[str, str | None] = {}
    for each in given:
        slot, _, text = each.partition("=")
        if slot not in SLOTS:
            raise AdCopyError("creative.unknown_slot", name=slot, known=", ".join(SLOTS))
        edits[slot] = text
    return edits


def _nudges(given: list[str]) -> dict[str, str]:
    from lib_adcopy.creative.content import SLOTS
    from lib_adcopy.domain.layout import NUDGES

    nudges = {}
    for each in given:
        slot, _, way = each.partition("=")
        if slot not in SLOTS:
            raise AdCopyError("creative.unknown_slot", name=slot, known=", ".join(SLOTS))
        if way not in NUDGES[1:]:
            raise AdCopyError("creative.unknown_nudge", name=way, known=", ".join(NUDGES[1:]))
        nudges[slot] = way
    return nudges


def _pictures(options: argparse.Namespace) -> list[AnalysedPicture]:
    from lib_adcopy.creative.picture import AnalysedPicture

    files = [Path(name) for name in options.image if name != "none"]
    if not files:
        return []
    mask = open_picture(options.mask) if options.mask else None
    return [AnalysedPicture(open_picture(file), mask if number == 0 else None) for number, file in enumerate(files)]


def open_picture(file: Path) -> Any:
    """Return a picture of at most 100 megapixels, turned as its Exif says; raises AdCopyError for anything else."""
    from PIL import Image, ImageOps

    from lib_adcopy.storage.picture_text import picture_errors

    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > _PIXELS:
                raise AdCopyError("cli.not_a_picture", file=file.name)
            opened.load()
            return ImageOps.exif_transpose(opened)
    except picture_errors() as error:
        raise AdCopyError("cli.not_a_picture", file=file.name) from error


def _formats(names: list[str], with_picture: bool) -> list[str]:
    """Return the formats asked for; of all, those without text are left out where there is no picture to show."""
    from lib_adcopy.creative.formats import get_format
    from lib_adcopy.prompting.sizes import formats

    if ALL in names:
        return [name for name in formats() if with_picture or get_format(name).text]
    for name in names:
        get_format(name)
    return names


def _texts(brief: Brief, copy: Copy | None) -> dict[str, str]:
    from lib_adcopy.domain.ad import Ad
    from lib_adcopy.storage import CHUNK, record_text

    return {CHUNK: record_text(Ad(brief, copy=copy))}
