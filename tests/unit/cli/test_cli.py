"""Every command as a user calls it: JSON on stdout, one clear line and exit 2 for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lib_adcopy.cli import main
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.copy import Copy, Draft
from tests.scripted_server import Scripted, events

ROOT = Path(__file__).resolve().parents[3]
BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"


def answer(capsys, *words):
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_write_gives_reviewed_candidates(capsys):
    given = answer(capsys, "write", BRIEF, "-n", "3", "--seed", "5")
    assert ["裙领型", "圆领"] in given["brief"]["attributes"]
    assert len(given["candidates"]) == 3
    assert {"title", "body", "hashtags", "writer", "seed", "review"} <= set(given["candidates"][0])
    assert given == answer(capsys, "write", BRIEF, "-n", "3", "--seed", "5")


def test_facts_stand_where_they_are_said(capsys):
    given = answer(capsys, "facts", BRIEF)
    assert given["category"] == "clothing"
    assert {"kind": "feature", "text": "圆领", "value": "圆领", "start": 17, "end": 19} in given["facts"]
    assert all(BRIEF[fact["start"] : fact["end"]] == fact["text"] for fact in given["facts"])


def test_what_was_written_is_given_where_the_writer_fails_half_way(capsys, monkeypatch):
    def fails(self, brief, **options):
        yield Draft(0, Copy("连衣裙", "圆领的连衣裙。"), done=True)
        raise RuntimeError("out of memory")

    monkeypatch.setattr(TemplateWriter, "write", fails)
    assert main(["write", BRIEF, "-n", "2", "--json"]) == 0
    printed = capsys.readouterr()
    assert [copy["body"] for copy in json.loads(printed.out)["candidates"]] == ["圆领的连衣裙。"]
    assert "out of memory" in printed.err and len(printed.err.splitlines()) == 1


def test_a_model_server_writes_and_its_key_is_read_from_the_environment(capsys, tmp_path, monkeypatch):
    scripted = Scripted()
    scripted.write(events("标题：圆领连衣裙\n正文：简约图案的连衣裙，圆领，文艺风格。"))
    monkeypatch.setenv("ADCOPY_SERVER_KEY", "sk-of-mine")
    asked = ("write", BRIEF, "-n", "1", "--seed", "3", "--home", str(tmp_path), "--writer", "server")
    given = answer(capsys, *asked, "--server", scripted.origin, "--server-model", "tiny")
    assert [(one["title"], one["writer"]) for one in given["candidates"]] == [("圆领连衣裙", "server")]
    assert scripted.requests[0][2]["Authorization"] == "Bearer sk-of-mine" and "sk-of-mine" not in str(given)
    scripted.write((401, {}))
    assert main([*asked, "--server", scripted.origin, "--server-model", "tiny", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and "密钥" in printed.err and len(printed.err.splitlines()) == 1
    scripted.close()
    assert main(list(asked)) == 2
    assert "还没有设置模型服务器" in capsys.readouterr().err
    assert not any(b"sk-of-mine" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_the_starter_writes_where_no_other_model_is_and_its_prefix_can_be_chosen(capsys, tmp_path):
    pytest.importorskip("sentencepiece")
    (tmp_path / "models").mkdir()
    for name in ("starter", "starter-adgen", "starter-beauty"):
        (tmp_path / "models" / name).symlink_to(ROOT / "models" / name)
    asked = ("write", BRIEF, "--writer", "chatglm", "-n", "1", "--seed", "3", "--home", str(tmp_path))
    given = answer(capsys, *asked)
    assert [one["writer"] for one in given["candidates"]] == ["chatglm"]
    assert "连衣裙" in given["candidates"][0]["body"]
    assert given == answer(capsys, *asked, "--prefix", str(tmp_path / "models" / "starter-adgen"))
    assert given != answer(capsys, *asked, "--prefix", str(tmp_path / "models" / "starter-beauty"))
    assert given != answer(capsys, *asked, "--prefix", "none")
    assert main([*asked, "--prefix", str(tmp_path / "models" / "no-such-prefix")]) == 2


def test_prompt_names_what_is_not_installed(capsys):
    given = answer(capsys, "prompt", BRIEF, "--copy", "春天的花园")
    assert given["positive"].isascii() and "dress" in given["positive"] and "garden" in given["positive"]
    assert any("add_detail" in note for note in given["notes"])


def test_check_finds_the_violation(capsys):
    found = answer(capsys, "check", "全国第一的面膜")["findings"]
    assert (found[0]["term"], found[0]["start"], found[0]["end"], found[0]["level"]) == ("全国第一", 0, 4, "ban")


def test_create_makes_files(capsys, tmp_path):
    given = answer(capsys, "create", BRIEF, "--out", str(tmp_path), "--seed", "1", "-n", "1")
    assert (tmp_path / "creative.png").is_file() and "creative.png" in given["files"]
    assert json.loads((tmp_path / "creative.json").read_text(encoding="utf-8"))["prompt"]["positive"]
    assert (tmp_path / "copy.txt").read_text(encoding="utf-8").strip()


def test_poster_without_a_picture(capsys, tmp_path):
    out = tmp_path / "creative.png"
    given = answer(
        capsys, "poster", "--image", "none", "--copy", "标题\n正文。", "--format", "taobao-main", "--out", str(out)
    )
    assert (given["width"], given["height"]) == (800, 800) and out.is_file()


@pytest.mark.parametrize(
    "words",
    [
        ["write", ""],
        ["write", "裙" * 20000],
        ["write", BRIEF, "--writer", "chatglm", "--model", "no-such-folder"],
        ["prompt", BRIEF, "--style", "nope"],
        ["poster", "--image", "no-such.png", "--copy", "x", "--out", "x.png"],
        ["poster", "--image", "none", "--copy", "x", "--format", "nope", "--out", "x.png"],
    ],
)
def test_bad_input_is_one_line_and_exit_2(capsys, words):
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.strip().splitlines()) == 1
    assert any("\u4e00" <= character <= "\u9fff" for character in said.err)


@pytest.mark.parametrize("count", ["0", "-1", "7", "two"])
def test_a_number_of_candidates_that_makes_no_sense_is_said(capsys, count):
    with pytest.raises(SystemExit) as left:
        main(["write", BRIEF, "-n", count])
    assert left.value.code == 2 and "--count" in capsys.readouterr().err


def test_it_runs_as_a_module():
    asked = [sys.executable, "-m", "lib_adcopy", "check", "最近很火", "--json"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"findings": []}


def test_the_studio_is_told_by_flags_what_a_webui_has_as_settings(monkeypatch, tmp_path):
    pytest.importorskip("gradio")
    from lib_adcopy.gpu import ModelPlacement
    from lib_adcopy.ui import standalone

    opened = []
    monkeypatch.setattr(standalone, "launch", lambda studio, **page: opened.append(studio))
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "starter").symlink_to(ROOT / "models" / "starter")
    flags = ["--device", "cpu", "--bits", "8", "--policy", "swap", "--idle-minutes", "2.5",
             "--model-dir", str(tmp_path / "missing"), "--model-dir", str(shelf)]  # fmt: skip
    assert main(["studio", "--home", str(tmp_path), *flags]) == 0
    assert main(["studio", "--home", str(tmp_path)]) == 0
    told, plain = opened
    assert (told.placement(), plain.placement()) == (ModelPlacement("cpu", 8, "swap"), ModelPlacement())
    assert (told.host.option("idle_minutes", 0), plain.host.option("idle_minutes", 0)) == (2.5, 0)
    assert [entry.name for entry in told.library.models()] == ["starter"]
    assert plain.library.models() == ()


@pytest.mark.parametrize(
    "flag", [("--device", "tpu"), ("--bits", "5"), ("--policy", "x"), ("--idle-minutes", "-1"),
             ("--idle-minutes", "nan"), ("--idle-minutes", "soon")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_said(capsys, flag):
    with pytest.raises(SystemExit) as left:
        main(["studio", *flag])
    assert left.value.code == 2
    assert f"{flag[0]}: " in capsys.readouterr().err.splitlines()[-1]


def test_models_are_listed_with_what_is_wrong_with_them(capsys, tmp_path):
    from tests.unit.model_library.conftest import CONFIG

    folders = [tmp_path / "models" / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir(parents=True)
        config = {**CONFIG, "quantization_bit": 4}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    given = answer(capsys, "models", "list", "--home", str(tmp_path))
    assert {model["name"] for model in given["models"]} == {"one", "two"}
    assert all("pytorch_model.bin" in model["problem"] for model in given["models"])


def test_a_lora_is_fetched_from_an_address_and_a_bad_one_is_said(capsys, tmp_path):
    from tests.unit.model_library.conftest import safetensors
    from tests.unit.model_library.hub import hub_at_work

    with hub_at_work() as hub:
        hub.files["add_detail.safetensors"] = safetensors({"lora.weight": (4, 4)})
        words = ["models", "fetch", f"{hub.address}/add_detail.safetensors", "--kind", "lora", "--home", str(tmp_path)]
        given = answer(capsys, *words)
    assert Path(given["path"]) == tmp_path / "models" / "Lora" / "add_detail.safetensors"
    assert Path(given["path"]).is_file()
    for words in (["fetch", "x", "--kind", "lora"], ["fetch", "gpt-5"], ["convert", "nobody"]):
        assert main(["models", *words, "--home", str(tmp_path)]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
