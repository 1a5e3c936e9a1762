"""A file is there whole or not at all, and nobody's file is written over by a new one."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lib_adcopy.storage.atomic import create_atomic, move_new, write_atomic


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    file = tmp_path / "a.json"
    write_atomic(file, "旧")
    write_atomic(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("owner", "call"), [(os, "fsync"), (Path, "replace")])
def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path, monkeypatch, owner, call):
    file = tmp_path / "a.json"
    write_atomic(file, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(owner, call, full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_takes_the_first_free_name(tmp_path, monkeypatch, links):
    if not links:
        def refuse(*_):
            raise OSError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a").write_text("his")
    assert create_atomic(tmp_path, ["a", "b"], "ours") == tmp_path / "b"
    assert (tmp_path / "a").read_text() == "his"
    with pytest.raises(FileExistsError):
        create_atomic(tmp_path, ["a", "b"], "more")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "b"]


def test_many_at_once_each_get_a_file_of_their_own(tmp_path):
    names = [f"{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda text: create_atomic(tmp_path, names, text), names))
    assert len(set(files)) == 40
    assert sorted(file.read_text() for file in files) == sorted(names)


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_new_file_may_be_read_by_whom_the_users_other_files_may(tmp_path):
    (tmp_path / "usual").write_text("")
    write_atomic(tmp_path / "ours", "")
    usual, ours = (stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "ours"))
    assert usual == ours


def test_a_finished_file_or_folder_never_takes_the_name_of_another(tmp_path):
    (tmp_path / "part").write_text("ours")
    (tmp_path / "his").write_text("his")
    with pytest.raises(FileExistsError):
        move_new(tmp_path / "part", tmp_path / "his")
    assert (tmp_path / "his").read_text() == "his"
    move_new(tmp_path / "part", tmp_path / "ours")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["his", "ours"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileExistsError):
        move_new(tmp_path / "folder", tmp_path / "his")
    move_new(tmp_path / "folder", tmp_path / "model")
    assert (tmp_path / "model").is_dir()


def test_what_a_killed_process_left_is_removed_by_a_later_write(tmp_path):
    left, other = tmp_path / ".adcopy-write-0123456789abcdef.part", tmp_path / "his.part"
    for file in (left, other):
        file.write_text("x")
    write_atomic(tmp_path / "a", "new")
    assert left.exists()
    for file in (left, other):
        os.utime(file, (0, 0))
    write_atomic(tmp_path / "a", "newer")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "his.part"]
