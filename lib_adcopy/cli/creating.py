"""The commands from brief to creative: studio, facts, write, prompt, check, poster, create."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.cli.arguments import SETTINGS, Commands, add_brief, add_fields, add_settings, add_writing
from lib_adcopy.cli.consoles import read_input
from lib_adcopy.cli.opening import given, open_studio, read_ad, settings_given, tell_several
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from lib_adcopy.domain.copy import Candidate


def add(commands: Commands) -> None:
    studio = commands.add("studio", _studio, "the tab, without a webui")
    studio.add_argument("--port", type=int, default=7861)
    studio.add_argument("--browser", action="store_true", help="open the page when it is ready")
    add_settings(studio)
    add_brief(commands.add("facts", _facts, "read a brief into typed facts"))
    add_writing(commands.add("write", _write, "write candidates for a brief"))
    prompt = commands.add("prompt", _prompt, "derive the picture's prompt")
    add_brief(prompt)
    prompt.add_argument("--copy", default="", help="the copy to draw from as well")
    add_fields(prompt, Ad)
    check = commands.add("check", _check, "find what advertising law forbids")
    check.add_argument("text", metavar="TEXT", help="the text, or - for standard input")
    poster = commands.add("poster", _poster, "set copy and picture at a platform's size")
    poster.add_argument("--image", required=True, help="a picture, or none")
    poster.add_argument("--copy", required=True, help="title on the first line; - for standard input")
    poster.add_argument("--format", default="xiaohongshu-3:4")
    poster.add_argument("--out", type=Path, required=True)
    poster.add_argument("--seed", type=int, default=0)
    create = commands.add("create", _create, "copy, prompt, picture and poster, to files")
    add_writing(create)
    create.add_argument("--out", type=Path, required=True)
    for part in (Ad, LayoutChoice, DrawSettings):
        add_fields(create, part)


def _studio(options: argparse.Namespace) -> None:
    from lib_adcopy.ui.standalone import launch

    opened = open_studio(options, settings=given(options, *SETTINGS))
    launch(opened, port=options.port, open_browser=options.browser)


def _facts(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.copywriting.brief import parse_brief
    from lib_adcopy.domain.brief import Brief

    brief = parse_brief(options.brief, **settings_given(options, Brief))
    told = ("kind", "text", "value", "start", "end")
    facts = [{name: value for name, value in asdict(fact).items() if name in told} for fact in brief.facts]
    several = tell_several(options)
    return {"facts": facts, "category": brief.category, **({"products": several} if several else {})}


def _write(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.app.events import Written

    studio = open_studio(options)
    ad = read_ad(studio, options)
    try:
        for event in studio.write(ad, stop=threading.Event()):
            if isinstance(event, Written):
                ad = event.ad
    except AdCopyError as error:
        if not ad.candidates:
            raise
        # A writer that failed half-way: what it wrote stays.
        print(error.message.text(options.language), file=sys.stderr)
    return {"brief": asdict(ad.brief), "candidates": [_candidate_data(candidate) for candidate in ad.candidates]}


def _prompt(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.domain.copy import Copy

    studio = open_studio(options)
    copy = Copy(title="", body=options.copy) if options.copy else None
    ad = studio.derive(replace(read_ad(studio, options), copy=copy))
    return _prompt_data(ad, options.language)


def _check(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.copywriting.law import check_text

    return {"findings": [asdict(finding) for finding in check_text(_text_argument(options.text))]}


def _poster(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.cli.creative import open_picture
    from lib_adcopy.copywriting.answers import split_copy
    from lib_adcopy.copywriting.brief import MAX_CHARACTERS, parse_brief
    from lib_adcopy.creative.maker import make, request_for
    from lib_adcopy.creative.picture import AnalysedPicture

    pictures = [] if options.image == "none" else [AnalysedPicture(open_picture(Path(options.image)))]
    copy = split_copy(_text_argument(options.copy))
    # Without a brief the copy's own words say what there is to say.
    brief = parse_brief(copy.text[:MAX_CHARACTERS])
    made = make(request_for(brief, copy, pictures, seed=max(options.seed, 0)), options.format).image
    return {"file": str(_save(made, options.out)), "width": made.width, "height": made.height}


def _create(options: argparse.Namespace) -> dict[str, Any]:
    out: Path = options.out
    studio = open_studio(options, creatives=out)
    ad = read_ad(studio, options)
    settings = studio.styling.settings(studio.styling.style(ad.style), ad.layout.format)
    if options.width or options.height:
        # A size of his own is the size he wants.
        settings = replace(settings, hires_scale=1.0)
    # --seed, the copy's, is the picture's as well: settings_given finds it under the same name.
    settings = replace(settings, **settings_given(options, DrawSettings))
    ad = studio.create(replace(ad, drawing=settings), on_event=lambda event: None, stop=threading.Event())
    pictures = [picture.image for picture in ad.drawn.pictures] if ad.drawn else []
    files = [_save(image, out / f"picture-{number}.png") for number, image in enumerate(pictures, 1)]
    if ad.creative:
        files.append(ad.creative.path.replace(out / "creative.png"))
    answer = {
        "brief": asdict(ad.brief),
        "candidates": [_candidate_data(candidate) for candidate in ad.candidates],
        "prompt": _prompt_data(ad, options.language),
        "files": [file.name for file in files],
    }
    (out / "creative.json").write_text(json.dumps(answer, ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "copy.txt").write_text(ad.candidates[0].copy.text + "\n", encoding="utf-8")
    return {**answer, "out": str(out)}


def _prompt_data(ad: Ad, language: str) -> dict[str, Any]:
    if ad.prompt is None:
        raise ValueError("an ad without a prompt")
    return {**asdict(ad.prompt), "notes": [note.text(language) for note in ad.prompt.notes]}


def _candidate_data(candidate: Candidate) -> dict[str, Any]:
    copy = candidate.copy
    return {**asdict(copy), "hashtags": list(copy.hashtags), "review": asdict(candidate.review)}


def _text_argument(text: str) -> str:
    return read_input() if text == "-" else text


def _save(image: Any, file: Path) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(file)
    except (OSError, ValueError) as error:
        raise AdCopyError("cli.cannot_save", file=str(file), reason=str(error)) from error
    return file
