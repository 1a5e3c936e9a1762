"""Language models on disk: list, fetch, convert."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib_adcopy.cli.arguments import Commands, add_model_folders
from lib_adcopy.cli.opening import open_studio
from lib_adcopy.errors import AdCopyError


def add(commands: Commands) -> None:
    from lib_adcopy.model_library.sources import PUBLISHED, SOURCES

    actions = commands.group("models", "list, fetch and convert language models")

    def action(name: str, run: Callable[[argparse.Namespace], Any], help_text: str) -> argparse.ArgumentParser:
        added = actions.add(name, run, help_text)
        add_model_folders(added)
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


def _models_list(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.model_library.models import prefix_card

    models, prefixes = [], []
    for entry in open_studio(options).library.checked():
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
    installer = open_studio(options).installer
    how: dict[str, Any] = {"on_progress": _progress_line(options.language), "stop": threading.Event()}
    if options.kind == "model":
        made = installer.fetch(options.what, options.source, mirror=options.mirror, **how)
    else:
        made = installer.fetch_file(options.what, options.kind, **how)
    return {"path": str(made)}


def _models_convert(options: argparse.Namespace) -> dict[str, Any]:
    installer = open_studio(options).installer
    name = options.model.name if options.model else options.name
    made = installer.convert(
        name, options.bits, out=options.out, on_progress=_progress_line(options.language), stop=threading.Event()
    )
    return {"path": str(made)}


def _progress_line(language: str) -> Callable[[Any], None]:
    """Show how far a piece of work is, on one line of stderr where somebody looks at it; notes always."""
    shown = {"at": ""}

    def show(progress: Any) -> None:
        if progress.note is not None:
            print(progress.note.text(language), file=sys.stderr, flush=True)
        text = f"{progress.phase} {progress.fraction:4.0%} {progress.file}"
        if sys.stderr.isatty() and text != shown["at"]:
            shown["at"] = text
            print(f"\r\033[K{text}", end="\n" if progress.fraction == 1 else "", file=sys.stderr, flush=True)

    return show
