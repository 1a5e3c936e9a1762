"""Describe what commands have in common: options every one takes, a brief, a writer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.i18n import translate

if TYPE_CHECKING:
    from lib_adcopy.domain.fields import Field

# What a webui's Settings page has and the studio is told on the command line, by its key there.
SETTINGS = ("device", "bits", "policy", "idle_minutes")
# A key on a command line would be seen by every program of the machine.
SERVER_KEY_VARIABLE = "ADCOPY_SERVER_KEY"
_IDLE_MINUTES_AT_MOST = 24 * 60


class Commands:
    """One level of subcommands; every one of them takes --json, --language, --home and --verbose."""

    def __init__(self, parser: argparse.ArgumentParser, what: str) -> None:
        self._added = parser.add_subparsers(dest=what, required=True, metavar=what)

    def add(
        self, name: str, run: Callable[[argparse.Namespace], Any], help_text: str
    ) -> argparse.ArgumentParser:
        """Return the parser of a command that `run` answers: with a dict to print, or None."""
        added: argparse.ArgumentParser = self._added.add_parser(
            name, parents=[_shared()], help=help_text, description=help_text
        )
        added.set_defaults(run=run)
        return added

    def group(self, name: str, help_text: str) -> Commands:
        """Commands of a command: `adcopy NAME ACTION`."""
        return Commands(self._added.add_parser(name, help=help_text, description=help_text), "action")


def _shared() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="one JSON object on one line")
    shared.add_argument("--language", choices=("zh", "en"), default="zh", help="language of notes and errors")
    shared.add_argument("--home", type=Path, help="where models/, outputs/ and data/ stand (this repository)")
    shared.add_argument("--verbose", action="store_true", help="debug log on stderr")
    return shared


def add_settings(parser: argparse.ArgumentParser) -> None:
    from lib_adcopy.gpu import DEVICES, POLICIES

    parser.add_argument("--device", choices=DEVICES, help="where ChatGLM runs (auto)")
    parser.add_argument("--bits", type=int, choices=(4, 8, 16), help="quantised to, while read (by the model's size)")
    parser.add_argument("--policy", choices=POLICIES, help="how ChatGLM and the pictures share a card (auto)")
    parser.add_argument("--idle-minutes", type=_minutes, help="unload ChatGLM after so many without work (0: never)")
    add_server(parser)
    add_model_folders(parser)


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the model server that the user runs himself."""
    from lib_adcopy.domain.server import ServerSettings

    group = parser.add_argument_group("a model server of your own", f"its key is read from {SERVER_KEY_VARIABLE}")
    add_fields(group, ServerSettings)


def add_model_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model-dir", type=Path, action="append", help="one more folder with models in it; may be given again"
    )


def _minutes(said: str) -> float:
    minutes = float(said)
    if not 0 <= minutes <= _IDLE_MINUTES_AT_MOST:
        raise argparse.ArgumentTypeError(f"{said} is not between 0 and {_IDLE_MINUTES_AT_MOST}")
    return minutes


def add_brief(parser: argparse.ArgumentParser) -> None:
    from lib_adcopy.domain.brief import Brief

    parser.add_argument("brief", metavar="BRIEF", help="the product in words, or AdvertiseGen pairs")
    add_fields(parser, Brief)


def add_writing(parser: argparse.ArgumentParser) -> None:
    from lib_adcopy.domain.writing import Sampling

    add_brief(parser)
    parser.add_argument("--writer", choices=("template", "chatglm", "server"), default="template")
    parser.add_argument("--model", type=Path, help="a ChatGLM folder")
    parser.add_argument("--prefix", type=Path, help="a P-Tuning folder, or none; by default the one for the category")
    parser.add_argument("-n", "--count", type=int, default=3, choices=range(1, 7), metavar="1..6", help="candidates")
    parser.add_argument("--seed", type=int, default=-1, help="-1 draws one")
    add_fields(parser, Sampling)
    add_server(parser)


def add_fields(parser: argparse._ActionsContainer, part: type) -> None:
    """Add a flag for every setting that a part of the ad declares with one; each is None where it was not given."""
    from lib_adcopy.domain.fields import fields_of

    for row in fields_of(part).values():
        if row.flag:
            parser.add_argument(row.flag, dest=row.name, **_argument(row))


def _argument(row: Field) -> dict[str, Any]:
    said = translate(f"ui.tip.{row.name}", "en")
    if row.kind == "words":
        return {"help": f"{said}; may be given again", "action": "append", "metavar": "WORD"}
    if row.kind == "choice" and row.choices:
        return {"help": said, "choices": row.choices}
    if row.kind == "switch":
        return {"help": said, "action": argparse.BooleanOptionalAction, "default": None}
    if row.kind in ("whole", "decimal"):
        return {"help": f"{said} ({row.least:g} to {row.most:g})", "type": _number(row), "metavar": "N"}
    return {"help": said, "metavar": row.name.upper()}


def _number(row: Field) -> Callable[[str], float]:
    def number(text: str) -> float:
        value = int(text) if row.kind == "whole" else float(text)
        if not row.accepts(value):
            raise argparse.ArgumentTypeError(f"{text} is not between {row.least:g} and {row.most:g}")
        return value

    return number
