"""Describe what the options of a command stand for: the studio, and the ad they begin."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.cli.arguments import SERVER_KEY_VARIABLE
from lib_adcopy.domain.writing import AUTOMATIC, SERVER, TEMPLATE, Sampling, WriteOptions
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message

if TYPE_CHECKING:
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.domain.ad import Ad

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
        options={**(settings or {}), **_server_settings(options)},
    )
    paths = host.paths()
    outright = (getattr(options, "model", None), getattr(options, "prefix", None))
    named = [folder for folder in outright if folder and folder != _NO_PREFIX]
    roots = (paths.models, *paths.extra_models)
    return Studio(host, Library(roots, folders=named), creatives=creatives)


def read_ad(studio: Studio, options: argparse.Namespace) -> Ad:
    """Return the ad that a command's options begin: the brief read, and every setting that was given."""
    from lib_adcopy.domain.ad import Ad
    from lib_adcopy.domain.brief import Brief
    from lib_adcopy.domain.layout import LayoutChoice

    brief = studio.parse(options.brief, **settings_given(options, Brief))
    tell_several(options)
    layout = LayoutChoice(**settings_given(options, LayoutChoice))
    writing = _writing(options) if hasattr(options, "writer") else WriteOptions()
    return Ad(brief, writing=writing, layout=layout, **settings_given(options, Ad))


def tell_several(options: argparse.Namespace) -> list[str]:
    """Return each product's own words where the brief has several, and say on stderr to write one ad each."""
    from lib_adcopy.copywriting.several import products_in

    products = products_in(options.brief)
    if products:
        message = Message("copywriting.note.several_products", {"texts": " | ".join(brief.text for brief in products)})
        print(message.text(options.language), file=sys.stderr)
    return [brief.text for brief in products]


def settings_given(options: argparse.Namespace, part: type) -> dict[str, Any]:
    """Return those settings of a part of the ad that were given, as its constructor takes them."""
    from lib_adcopy.domain.fields import fields_of, made_of

    return made_of(part, given(options, *fields_of(part)))


def _server_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the command line and the environment say of the user's model server."""
    from lib_adcopy.domain.fields import fields_of
    from lib_adcopy.domain.server import ServerSettings

    key = os.environ.get(SERVER_KEY_VARIABLE, "").strip()
    return {**given(options, *fields_of(ServerSettings)), **({"server_key": key} if key else {})}


def _writing(options: argparse.Namespace) -> WriteOptions:
    writer = SERVER if options.writer == "server" else TEMPLATE
    if options.writer == "chatglm":
        writer = options.model.name if options.model else open_studio(options).default_model()
        if writer == TEMPLATE:
            raise AdCopyError("model_library.no_model")
    prefix = options.prefix.name if options.prefix else AUTOMATIC
    if options.prefix == _NO_PREFIX:
        prefix = ""
    sampling = Sampling(**settings_given(options, Sampling))
    return WriteOptions(writer=writer, prefix=prefix, count=options.count, seed=options.seed, sampling=sampling)


def given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Return those of the options that were given, by name."""
    return {name: value for name in names if (value := getattr(options, name, None)) is not None}
