"""The command line: one function a command. JSON on stdout with --json, logs on stderr, exit 2 on bad input."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any

from lib_adcopy import __version__
from lib_adcopy.cli import creating, creative, models, photo, tuning
from lib_adcopy.cli.arguments import Commands
from lib_adcopy.cli.consoles import keep_printing, print_json
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.errors import AdCopyError

BAD_INPUT = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0, or 2 with one line on stderr for what the user can mend."""
    keep_printing()
    options = _parser().parse_args(argv)
    for name, value in vars(options).items():
        setattr(options, name, whole_characters(value))
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
        print_json(answer, one_line=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="adcopy", description="Ad copy and pictures from a product description.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = Commands(parser, "command")
    for group in (creating, creative, photo, tuning, models):
        group.add(commands)
    return parser
