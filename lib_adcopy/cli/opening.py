"""What the options of a command stand for: the studio, who writes, a brief's settings."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from lib_adcopy.app.studio import Studio, WriteOptions

_NO_PREFIX = Path("none")


def open_studio(
    options: argparse.Namespace, *, creatives: Path | None = None, settings: Mapping[str, Any] | None = None
) -> Studio:
    """`settings` as StandaloneHost has them."""
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.hosts.standalone import StandaloneHost
    from lib_adcopy.model_library.models import Library

    host = StandaloneHost(
        options.home or Path(__file__).resolve().parents[2],
        extra_models=getattr(options, "model_dir", None) or (),
        options=settings,
    )
    paths = host.paths()
    outright = (getattr(options, "model", None), getattr(options, "prefix", None))
    named = [folder for folder in outright if folder and folder != _NO_PREFIX]
    roots = (paths.models, *paths.extra_models)
    return Studio(host, Library(roots, folders=named), creatives=creatives)


def write_options(options: argparse.Namespace) -> WriteOptions:
    from lib_adcopy.app.studio import AUTOMATIC, WriteOptions
    from lib_adcopy.app.writers import TEMPLATE

    writer = TEMPLATE
    if options.writer == "chatglm":
        writer = options.model.name if options.model else open_studio(options).default_writer()
        if writer == TEMPLATE:
            raise AdCopyError("model_library.no_model")
    prefix = options.prefix.name if options.prefix else AUTOMATIC
    if options.prefix == _NO_PREFIX:
        prefix = None
    return WriteOptions(writer=writer, prefix=prefix, count=options.count, seed=options.seed)


def brief_settings(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: value for name in ("platform", "tone", "length", "audience") if (value := getattr(options, name))}
    words = {name: tuple(value) for name in ("brand_words", "avoid_words") if (value := getattr(options, name))}
    return {**given, **words}


def given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Those of the options that were given, by name."""
    return {name: value for name in names if (value := getattr(options, name, None)) is not None}
