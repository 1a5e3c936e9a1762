"""File names and locks as Windows has them, as far as they can be tried on any system."""

from __future__ import annotations

import json
from pathlib import Path, PureWindowsPath

import pytest

from lib_adcopy.app.branding import Brands
from lib_adcopy.creative.brand import read_brand
from lib_adcopy.creative.export import file_stem as creative_stem
from lib_adcopy.creative.export import write_zip
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.names import is_plain_name
from lib_adcopy.photo.saving import file_stem as photo_stem
from lib_adcopy.photo.saving import save_png
from lib_adcopy.prompting.glossary.glossary import load_glossary
from lib_adcopy.prompting.styles.style import load_styles
from lib_adcopy.prompting.styles.webui_styles import read_webui_styles
from lib_adcopy.storage import atomic

ROOT = Path(__file__).resolve().parents[3]
TITLES = ("CON", "aux.jpg", 'a<b>c:"d"/e\\f|g?h*', "末尾。. ", "..", "连衣裙 39元", "\x07铃", "很长" * 200, "")


@pytest.fixture
def locked(monkeypatch):
    """A function that lets the first `count` renames fail as those of a file that another program has open."""
    replace, state = Path.replace, {"count": 0, "slept": 0}

    def refusing(self, target):
        if state["count"]:
            state["count"] -= 1
            raise PermissionError(13, "The process cannot access the file")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    monkeypatch.setattr(atomic.time, "sleep", lambda seconds: state.update(slept=state["slept"] + 1))
    return lambda count: state.update(count=count) or state


def test_a_file_locked_for_a_moment_is_replaced_after_it(tmp_path, locked):
    atomic.write_atomic(tmp_path / "a.txt", "old")
    state = locked(2)
    atomic.write_atomic(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "new" and state["slept"] == 2


def test_a_file_that_stays_locked_keeps_its_content_and_is_told_in_a_sentence(tmp_path, locked):
    image = pytest.importorskip("PIL.Image").new("RGB", (4, 4))
    save_png(image, tmp_path / "a.png")
    before = (tmp_path / "a.png").read_bytes()
    locked(100)
    with pytest.raises(AdCopyError) as raised:
        save_png(image.rotate(90), tmp_path / "a.png")
    assert raised.value.code == "storage.not_saved"
    assert (tmp_path / "a.png").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_a_new_file_in_a_folder_that_refuses_is_not_tried_again(tmp_path, locked):
    state = locked(100)
    with pytest.raises(PermissionError):
        atomic.write_atomic(tmp_path / "new.txt", "x")
    assert state["slept"] == 0


def test_a_zip_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "creatives.zip").mkdir()
    with pytest.raises(AdCopyError) as raised:
        write_zip([], tmp_path / "creatives.zip")
    assert raised.value.code == "storage.not_saved"


@pytest.mark.parametrize("title", TITLES)
def test_every_name_we_make_is_a_file_on_windows(title, tmp_path):
    names = [f"{creative_stem(1, 'xiaohongshu-3:4', title)}.png", f"{photo_stem(title)}-mask.png"]
    if title.strip("./\\ ") and any(map(str.isalnum, title)):
        names.append(Brands(tmp_path).save(title))
    for name in names:
        assert is_plain_name(name) and not PureWindowsPath(name).is_reserved(), name
        # Within 260 characters beside a long folder of a user's.
        assert len(name) < 80


@pytest.mark.parametrize("name", [r"D:\照片\杯子.JPG", "/srv/a/杯子.png", r"\\server\share\杯子.webp"])
def test_a_photo_is_named_without_its_folder_on_any_system(name):
    assert photo_stem(name) == "杯子"


def test_files_of_the_users_are_read_with_windows_line_ends_and_byte_order_mark(tmp_path):
    def write(name, text):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        return tmp_path / name

    brand = {"name": "云上", "slogan": "一句话", "colours": ["#C8102E"]}
    assert read_brand(write("brand.json", json.dumps(brand, ensure_ascii=False, indent=1))).slogan == "一句话"
    (tmp_path / "styles").mkdir()
    write("styles/own.json", '{\n"positive": "soft light"\n}\n')
    assert load_styles(tmp_path / "styles")["own"].positive == "soft light"
    glossary = load_glossary(write("words.csv", "zh,en,kind\n云锦缎,cloud brocade,material\n"))
    assert [piece.text for piece in glossary.split("云锦缎")] == ["云锦缎"] and not glossary.problems
    [style] = read_webui_styles([write("styles.csv", "name,prompt,negative_prompt\nfilm,grain,blur\n")])
    assert (style.name, style.positive or style.before) == ("film", "grain")


def test_both_starters_know_the_same_files_and_the_batch_file_has_windows_line_ends():
    batch = (ROOT / "adcopy.bat").read_bytes()
    assert b"\n" not in batch.replace(b"\r\n", b"")
    shell = (ROOT / "adcopy.sh").read_text(encoding="utf-8")
    for file in ("lib_adcopy/hosts/standalone/requirements.txt", "lib_adcopy/hosts/standalone/no-deps.txt",
                 "tests/requirements/common.txt"):  # fmt: skip
        assert file in shell and file.replace("/", "\\") in batch.decode("ascii"), file
    for word in ("ADCOPY_PYTHON", "(3, 10)", "(3, 13)", "studio --browser"):
        assert word in shell and word in batch.decode("ascii"), word
