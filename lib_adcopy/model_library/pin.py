"""Writes a hub's own sizes and SHA-256 of a model's files into published.json, for a maintainer to review and commit.

    python -m lib_adcopy.model_library.pin chatglm-6b-int4 --source huggingface

Run it on a connection you trust: what it writes is what every user's download is checked against.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.hub_process import HubProcess
from lib_adcopy.model_library.sources import PINS_FILE, SOURCES, DownloadSource, needed_files, read_pins
from lib_adcopy.storage.atomic import write_atomic


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=tuple(read_pins()))
    parser.add_argument("--source", choices=tuple(SOURCES), required=True)
    options = parser.parse_args(arguments)
    print(f"{pin_files(options.name, SOURCES[options.source])} files pinned in {PINS_FILE.name}")


def pin_files(name: str, source: DownloadSource, file: Path = PINS_FILE) -> int:
    """Ask `source` for the pinned revision's files and write them into `file`; returns how many have a SHA-256.

    Raises AdCopyError where the hub cannot be asked.
    """
    pin = source.pin(read_pins(file)[name])
    with tempfile.TemporaryDirectory() as folder:
        process = HubProcess(Path(folder), lambda: 0, threading.Event())
        try:
            listed: dict[str, Any] = process.open(source, pin, Path(folder))
        finally:
            process.close()
    if "problem" in listed:
        raise AdCopyError(f"model_library.{listed['problem']}", name=pin.repository, folder="", reason=listed["reason"])
    by_name = {each["name"]: each for each in listed["files"]}
    hashed = {
        each: {"size": by_name[each]["size"], "sha256": by_name[each]["sha256"]}
        for each in needed_files(list(by_name))
        if by_name[each]["sha256"]
    }
    stored = json.loads(file.read_text(encoding="utf-8"))
    stored[name]["hubs"][source.hub]["files"] = hashed
    write_atomic(file, json.dumps(stored, indent=2) + "\n")
    return len(hashed)


if __name__ == "__main__":
    main()
