"""The command line: one function a command. JSON on stdout with --json, logs on stderr, exit 2 on bad input."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy import __version__
from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from lib_adcopy.copywriting.copy import Copy
    from lib_adcopy.studio import Studio, WriteOptions
    from lib_adcopy.tuning.training import Progress

BAD_INPUT = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0, or 2 with one line on stderr for what the user can mend."""
    options = _parser().parse_args(argv)
    level = logging.DEBUG if options.verbose else logging.WARNING
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s: %(message)s")
    run: Callable[[argparse.Namespace], dict[str, Any] | None] = options.run
    try:
        answer = run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except AdCopyError as error:
        print(error.message.text(options.language), file=sys.stderr)
        return BAD_INPUT
    if answer is not None:
        print(json.dumps(answer, ensure_ascii=False) if options.json else _readable(answer))
    return 0


# ---- commands


def _studio(options: argparse.Namespace) -> None:
    from lib_adcopy.ui.standalone import launch

    launch(_open_studio(options), port=options.port, open_browser=options.browser)


def _write(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.events import Written

    studio = _open_studio(options)
    brief = studio.parse(options.brief, **_brief_settings(options))
    candidates: tuple[Copy, ...] = ()
    for event in studio.write(brief, _write_options(options), stop=threading.Event()):
        if isinstance(event, Written):
            candidates = event.candidates
    return {"brief": asdict(brief), "candidates": [_copy_data(copy) for copy in candidates]}


def _prompt(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.copywriting.copy import Copy

    studio = _open_studio(options)
    brief = studio.parse(options.brief, **_brief_settings(options))
    copy = Copy(title="", body=options.copy) if options.copy else None
    prompt = studio.derive(brief, copy, options.style)
    notes = [note.text(options.language) for note in prompt.notes]
    return {**asdict(prompt), "notes": notes}


def _check(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.copywriting.law import check_text

    return {"findings": [asdict(finding) for finding in check_text(_text_argument(options.text))]}


def _poster(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.copywriting.answers import split_copy
    from lib_adcopy.poster import compose

    picture = None if options.image == "none" else _open_picture(Path(options.image))
    made = compose(split_copy(_text_argument(options.copy)), picture, options.format, seed=max(options.seed, 0))
    return {"file": str(_save(made, options.out)), "width": made.width, "height": made.height}


def _create(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.hosts.base import DrawSettings

    studio = _open_studio(options, creatives=options.out)
    brief = studio.parse(options.brief, **_brief_settings(options))
    settings = studio.styling.settings(studio.styling.style(options.style), options.format)
    if options.width or options.height:
        # A size of his own is the size he wants.
        settings = replace(settings, hires=None)
    settings = replace(settings, **_given(options, DrawSettings, "steps", "width", "height"))
    made = studio.create(
        brief,
        _write_options(options),
        style=options.style,
        settings=replace(settings, seed=options.seed),
        format_name=options.format,
        on_event=lambda event: None,
        stop=threading.Event(),
    )
    out: Path = options.out
    chosen = made.candidates[0]
    pictures = [picture.image for picture in made.result.pictures] if made.result else []
    files = [_save(image, out / f"picture-{number}.png") for number, image in enumerate(pictures, 1)]
    if made.creative:
        files.append(made.creative.path.replace(out / "poster.png"))
    answer = {
        "brief": asdict(brief),
        "candidates": [_copy_data(copy) for copy in made.candidates],
        "prompt": {**asdict(made.prompt), "notes": [note.text(options.language) for note in made.prompt.notes]},
        "files": [file.name for file in files],
    }
    (out / "creative.json").write_text(json.dumps(answer, ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "copy.txt").write_text(chosen.text + "\n", encoding="utf-8")
    return {**answer, "out": str(out)}


def _evaluate(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.tuning.evaluation import evaluate_files
    from lib_adcopy.tuning.published import beside

    scores: dict[str, Any] = evaluate_files(
        options.data, options.predictions, label_tokens=options.label_tokens, model=options.model
    )
    if not options.json:
        print(beside(scores, options.predictions.name))
    return scores


def _tune(options: argparse.Namespace) -> dict[str, Any] | None:
    from lib_adcopy.tuning.crew import Alone, Launched
    from lib_adcopy.tuning.settings import PRESETS
    from lib_adcopy.tuning.tune import tune

    crew = Launched() if "ACCELERATE_MIXED_PRECISION" in os.environ else Alone()
    settings = PRESETS[options.preset]
    changed = _given(options, type(settings), "steps", "seed", "general_share", "projection")
    stop = threading.Event()
    # Ctrl+C ends it after the step in progress, saved to go on later.
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        card = tune(
            data=options.data,
            model=options.model,
            out=options.out,
            settings=replace(settings, **changed),
            general=options.general,
            quantization_bit=options.bits,
            on_progress=_told if crew.first else lambda progress: None,
            stop=stop,
            crew=crew,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    return card if crew.first else None


def _told(progress: Progress) -> None:
    if progress.step % 10 and progress.held_out is None:
        return
    left = progress.seconds / progress.step * (progress.steps - progress.step) / 60
    held = "" if progress.held_out is None else f", held out {progress.held_out:.3f}"
    told = f"step {progress.step} of {progress.steps}: loss {progress.loss:.3f}{held}, {left:.1f} minutes left"
    print(told, file=sys.stderr, flush=True)
    if progress.sample:
        print("  {} -> {}".format(*progress.sample), file=sys.stderr, flush=True)


def _models_list(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.library.models import prefix_card

    models, prefixes = [], []
    for entry in _open_studio(options).library.checked():
        report = entry.report
        problem = None
        if report.problem:
            failure = AdCopyError(f"chatglm.{report.problem.code}", **report.problem.params)
            problem = failure.message.text(options.language)
        told = {"name": entry.name, "folder": str(entry.folder), "bytes": report.size_bytes, "problem": problem}
        if report.kind == "model":
            models.append({**told, "bits": report.bits})
        else:
            card = prefix_card(entry)
            prefixes.append({**told, "card": asdict(card) if card else None})
    return {"models": models, "prefixes": prefixes}


def _models_fetch(options: argparse.Namespace) -> dict[str, Any]:
    stock = _open_studio(options).stock
    how: dict[str, Any] = {"on_progress": _progress_line(), "stop": threading.Event()}
    if options.kind == "model":
        made = stock.fetch(options.what, options.source, mirror=options.mirror, **how)
    else:
        made = stock.fetch_file(options.what, options.kind, **how)
    return {"path": str(made)}


def _models_convert(options: argparse.Namespace) -> dict[str, Any]:
    stock = _open_studio(options).stock
    name = options.model.name if options.model else options.name
    made = stock.convert(
        name, options.bits, out=options.out, on_progress=_progress_line(), stop=threading.Event()
    )
    return {"path": str(made)}


def _progress_line() -> Callable[[Any], None]:
    """How far a piece of work is, on one line of stderr where somebody looks at it."""
    shown = {"at": ""}

    def show(progress: Any) -> None:
        text = f"{progress.phase} {progress.fraction:4.0%} {progress.file}"
        if sys.stderr.isatty() and text != shown["at"]:
            shown["at"] = text
            print(f"\r\033[K{text}", end="\n" if progress.fraction == 1 else "", file=sys.stderr, flush=True)

    return show


def _bench(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.chatglm.bench import run

    return run(size=options.size)


# ---- what they share


def _open_studio(options: argparse.Namespace, *, creatives: Path | None = None) -> Studio:
    from lib_adcopy.hosts.standalone import StandaloneHost
    from lib_adcopy.library.models import Library
    from lib_adcopy.studio import Studio

    host = StandaloneHost(options.home or Path(__file__).resolve().parent.parent)
    paths = host.paths()
    named = [folder for folder in (getattr(options, "model", None), getattr(options, "prefix", None)) if folder]
    roots = (paths.models, *paths.extra_models, *(getattr(options, "model_dir", None) or ()))
    return Studio(host, Library(roots, folders=named), creatives=creatives)


def _write_options(options: argparse.Namespace) -> WriteOptions:
    from lib_adcopy.studio import WriteOptions
    from lib_adcopy.writers import TEMPLATE

    writer = TEMPLATE
    if options.writer == "chatglm":
        writer = options.model.name if options.model else _open_studio(options).default_writer()
        if writer == TEMPLATE:
            raise AdCopyError("library.no_model")
    prefix = options.prefix.name if options.prefix else None
    return WriteOptions(writer=writer, prefix=prefix, count=options.count, seed=options.seed)


def _brief_settings(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: value for name in ("platform", "tone", "length", "audience") if (value := getattr(options, name))}
    words = {name: tuple(value) for name in ("brand_words", "avoid_words") if (value := getattr(options, name))}
    return {**given, **words}


def _given(options: argparse.Namespace, of: type, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(options, name, None)) is not None}


def _copy_data(copy: Copy) -> dict[str, Any]:
    return {**asdict(copy), "hashtags": list(copy.hashtags)}


def _text_argument(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _open_picture(file: Path) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file) as opened:
            return opened.convert("RGB")
    except (OSError, UnidentifiedImageError) as error:
        raise AdCopyError("cli.not_a_picture", file=file.name) from error


def _save(image: Any, file: Path) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(file)
    except (OSError, ValueError) as error:
        raise AdCopyError("cli.cannot_save", file=str(file), reason=str(error)) from error
    return file


def _readable(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2)


# ---- arguments


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="one JSON object on one line")
    shared.add_argument("--language", choices=("zh", "en"), default="zh", help="language of notes and errors")
    shared.add_argument("--home", type=Path, help="where models/, outputs/ and data/ stand (this repository)")
    shared.add_argument("--verbose", action="store_true", help="debug log on stderr")
    parser = argparse.ArgumentParser(prog="adcopy", description="Ad copy and pictures from a product description.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], Any], help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[shared], help=help_text, description=help_text)
        added.set_defaults(run=run)
        return added

    studio = command("studio", _studio, "the tab, without a webui")
    studio.add_argument("--port", type=int, default=7861)
    studio.add_argument("--browser", action="store_true", help="open the page when it is ready")
    _add_writing(command("write", _write, "write candidates for a brief"))
    prompt = command("prompt", _prompt, "derive the picture's prompt")
    _add_brief(prompt)
    prompt.add_argument("--copy", default="", help="the copy to draw from as well")
    prompt.add_argument("--style", default="classic")
    check = command("check", _check, "find what advertising law forbids")
    check.add_argument("text", metavar="TEXT", help="the text, or - for standard input")
    poster = command("poster", _poster, "set copy and picture at a platform's size")
    poster.add_argument("--image", required=True, help="a picture, or none")
    poster.add_argument("--copy", required=True, help="title on the first line; - for standard input")
    poster.add_argument("--format", default="xiaohongshu-3:4")
    poster.add_argument("--out", type=Path, required=True)
    poster.add_argument("--seed", type=int, default=0)
    create = command("create", _create, "copy, prompt, picture and poster, to files")
    _add_writing(create)
    create.add_argument("--out", type=Path, required=True)
    create.add_argument("--style", default="classic")
    create.add_argument("--format", default="xiaohongshu-3:4")
    for name in ("steps", "width", "height"):
        create.add_argument(f"--{name}", type=int)
    evaluate = command("evaluate", _evaluate, "score predictions against a data set")
    evaluate.add_argument("--data", type=Path, required=True)
    evaluate.add_argument("--predictions", type=Path, required=True)
    evaluate.add_argument("--label-tokens", type=int, help="cut labels to this many, as the official script does")
    evaluate.add_argument("--model", type=Path, help="whose tokenizer cuts the labels")
    tune = command("tune", _tune, "tune a prefix on your own examples (P-Tuning v2)")
    for name in ("data", "model", "out"):
        tune.add_argument(f"--{name}", type=Path, required=True)
    tune.add_argument("--preset", choices=("official", "long", "few"), default="official", help="the recipe")
    tune.add_argument("--general", type=Path, help="pairs to mix in, so that not every answer becomes an ad")
    tune.add_argument("--general-share", type=float, help="of general pairs in the whole, 0 to 0.9 (0)")
    tune.add_argument("--projection", action="store_true", default=None, help="the prefix through a projection")
    tune.add_argument("--steps", type=int, help="instead of the recipe's")
    tune.add_argument("--seed", type=int, help="instead of the recipe's")
    tune.add_argument("--bits", type=int, choices=(4, 8), help="quantise the model while it is read")
    _add_models(commands, shared)
    bench = command("bench", _bench, "measure speed and memory")
    bench.add_argument("--size", choices=("tiny", "6b"), default="tiny")
    return parser


def _add_models(commands: Any, shared: argparse.ArgumentParser) -> None:
    from lib_adcopy.library.sources import PUBLISHED, SOURCES

    help_text = "list, fetch and convert language models"
    actions = commands.add_parser("models", help=help_text, description=help_text).add_subparsers(
        dest="action", required=True, metavar="action"
    )

    def action(name: str, run: Callable[[argparse.Namespace], Any], help_text: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = actions.add_parser(
            name, parents=[shared], help=help_text, description=help_text
        )
        added.set_defaults(run=run)
        added.add_argument("--model-dir", type=Path, action="append", help="one more folder with models in it")
        return added

    action("list", _models_list, "what is there, and what is wrong with it")
    fetch = action("fetch", _models_fetch, "a published model, or a LoRA or an embedding by its address")
    fetch.add_argument("what", metavar="WHAT", help=f"one of {', '.join(PUBLISHED)}, or an address with --kind")
    fetch.add_argument("--kind", choices=("model", "lora", "embedding"), default="model")
    fetch.add_argument("--source", choices=tuple(SOURCES), default=next(iter(SOURCES)), help="whose client fetches")
    fetch.add_argument("--mirror", default="", help="an address in place of the source's own")
    convert = action("convert", _models_convert, "a model as int4 or int8 safetensors, for a fast start")
    convert.add_argument("name", nargs="?", default="", metavar="NAME", help="as the list names it")
    convert.add_argument("--model", type=Path, help="a folder instead")
    convert.add_argument("--bits", type=int, choices=(4, 8), default=4)
    convert.add_argument("--out", type=Path, help="the new folder, by default NAME-int4 in models/")


def _add_brief(parser: argparse.ArgumentParser) -> None:
    from lib_adcopy.copywriting.brief import LENGTHS, PLATFORMS, TONES

    parser.add_argument("brief", metavar="BRIEF", help="the product in words, or AdvertiseGen pairs")
    parser.add_argument("--platform", choices=PLATFORMS)
    parser.add_argument("--tone", choices=TONES)
    parser.add_argument("--length", choices=LENGTHS)
    parser.add_argument("--audience", help="whom the copy speaks to")
    parser.add_argument("--brand", dest="brand_words", action="append", help="a brand word; may be given again")
    parser.add_argument("--avoid", dest="avoid_words", action="append", help="a word to avoid; may be given again")


def _add_writing(parser: argparse.ArgumentParser) -> None:
    _add_brief(parser)
    parser.add_argument("--writer", choices=("template", "chatglm"), default="template")
    parser.add_argument("--model", type=Path, help="a ChatGLM folder")
    parser.add_argument("--prefix", type=Path, help="a P-Tuning folder")
    parser.add_argument("-n", "--count", type=int, default=3)
    parser.add_argument("--seed", type=int, default=-1, help="-1 draws one")
