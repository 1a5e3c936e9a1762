"""What may import what, and how big and portable the repository stays."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = {"modules", "modules_forge", "backend", "ldm_patched"}
PURE = ("domain", "copywriting", "prompting", "photo", "creative", "storage")
BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked}: raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Blocker())
import importlib, pkgutil, lib_adcopy.{room} as room
for found in pkgutil.walk_packages(room.__path__, room.__name__ + "."): importlib.import_module(found.name)
"""


def test_every_file_keeps_the_import_rules():
    """The contracts stand in pyproject.toml: layers, no circles, who may import a webui and who gradio."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    # Its table is drawn with signs that a plain locale cannot write.
    told = {"env": {**os.environ, "PYTHONUTF8": "1"}, "encoding": "utf-8"}
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, check=False, **told)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_needs_neither_torch_nor_gradio_nor_a_webui(room):
    blocked = {"torch", "transformers", "gradio", "diffusers", *HOST}
    code = BLOCKER.format(blocked=blocked, room=room)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_heavy_is_imported_with_the_use_cases():
    heavy = "{'torch','transformers','gradio','PIL'}"
    code = f"import lib_adcopy.app.studio, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_two_test_files_have_one_name():
    # Test folders are no packages: pytest would stop at the second.
    names = [file.name for file in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_the_repository_stays_light():
    assert [file for file in tracked() if file.stat().st_size > 5_000_000 and "starter" not in file.parts] == []


def test_no_path_of_a_machine_is_written_down():
    private = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    kinds = {".py", ".md", ".sh", ".json", ".js", ".css", ".toml", ".bat"}
    texts = (file for file in tracked() if file.suffix in kinds)
    assert [file for file in texts if file != Path(__file__) and private.search(file.read_text(encoding="utf-8"))] == []


def test_no_two_classes_have_one_name():
    places: dict[str, list[str]] = {}
    for file in sorted((ROOT / "lib_adcopy").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.strip("_").lower(), []).append(f"{file.name}: {node.name}")
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_the_architecture_names_files_that_exist():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/.-]+\.(?:py|json|js|cu|css|toml|md))`", text))
    there = ["/" + file.relative_to(ROOT).as_posix() for file in tracked()]
    assert [name for name in sorted(named) if not any(file.endswith("/" + name) for file in there)] == []


def test_contributing_names_files_and_folders_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(lib_adcopy/[\w/.-]+)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
