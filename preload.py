"""Flags on the webui's command line; run by the host before anything else is loaded."""

from __future__ import annotations

import argparse


def preload(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--adcopy-model-dir",
        action="append",
        metavar="DIR",
        help="Ad Copy: one more folder with ChatGLM folders or prefixes in it; may be repeated",
    )
    parser.add_argument(
        "--adcopy-allow-origin",
        action="append",
        metavar="ORIGIN",
        help="Ad Copy: an address the webui is reached by (https://ads.example), for a reverse proxy that passes on "
        "neither Host nor X-Forwarded-Host; may be repeated",
    )
    parser.add_argument(
        "--adcopy-device",
        choices=("auto", "cuda", "cpu"),
        help="Ad Copy: where ChatGLM runs, whatever the settings say",
    )
