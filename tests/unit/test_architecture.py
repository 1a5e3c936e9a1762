"""The rooms keep to themselves: who may import what, and how big and portable the repository stays."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lib_adcopy"
SOURCES = sorted(PACKAGE.rglob("*.py"))
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


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def offenders(roots, *, outside):
    return [
        f"{file.relative_to(ROOT)}: {name}"
        for file in SOURCES
        if outside not in file.parents
        for name in imports(file)
        if name.split(".")[0] in roots
    ]


def test_the_host_is_imported_in_its_own_room_only():
    assert offenders(HOST, outside=PACKAGE / "hosts" / "webui") == []


def test_gradio_is_imported_by_the_tab_only():
    assert offenders({"gradio", "gradio_client"}, outside=PACKAGE / "ui") == []


def test_no_room_imports_the_tab_or_the_command_line():
    may = {PACKAGE / "ui", PACKAGE / "cli", PACKAGE / "hosts" / "webui"}
    found = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in SOURCES
        if file.parent != PACKAGE and not may & set(file.parents)
        for name in imports(file)
        if re.match(r"lib_adcopy\.(ui|api|cli)\b", name)
    ]
    assert found == []


def test_chatglm_imports_no_other_room():
    found = [
        f"{file.name}: {name}"
        for file in (PACKAGE / "chatglm").glob("*.py")
        for name in imports(file)
        if name.startswith("lib_adcopy") and not name.startswith("lib_adcopy.chatglm")
    ]
    assert found == []


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
