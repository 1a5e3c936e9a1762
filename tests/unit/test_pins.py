"""What the studio installs is what the tests ran with."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def pins(*names):
    found: dict[str, set[str]] = {}
    for name in names:
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if match := re.match(r"([\w.-]+)==([\w.+]+)", line):
                found.setdefault(match[1].lower().replace("_", "-"), set()).add(match[2])
    return found


def test_every_version_the_studio_installs_is_tested():
    installed = pins("lib_adcopy/hosts/standalone/requirements.txt")
    tested = pins("tests/requirements/forge.txt", "tests/requirements/common.txt")
    assert installed
    assert {
        name: (versions, tested.get(name)) for name, versions in installed.items() if versions != tested.get(name)
    } == {}


def test_what_is_installed_names_its_version():
    for name in ("lib_adcopy/hosts/standalone/requirements.txt", "lib_adcopy/hosts/standalone/no-deps.txt"):
        lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
        assert [line for line in lines if "==" not in line.partition(";")[0]] == []
