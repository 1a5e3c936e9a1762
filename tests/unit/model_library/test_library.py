"""What the folders hold is listed as it is, without opening a weight; what others could reach stays shut."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.installer import ModelInstaller
from lib_adcopy.model_library.models import Library, prefix_card
from tests.unit.model_library.conftest import CONFIG, model_files, safetensors

CARD = {"base_model": "chatglm-6b", "examples": 100, "last_loss": 1.5, "held_out_loss": 2.5}


def model(root, name, **changes):
    folder = root / name
    folder.mkdir(parents=True)
    for file, data in model_files().items():
        (folder / file).write_bytes(data)
    (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}))
    return folder


def prefix(root, name, card=None, **changes):
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({**CONFIG, "pre_seq_len": 8, **changes}))
    (folder / "pytorch_model.bin").write_bytes(b"PK" + b"x" * 1000)
    if card is not None:
        (folder / "card.json").write_text(card)
    return folder


def test_each_model_has_its_kind_its_bits_its_size_and_what_is_missing(tmp_path):
    model(tmp_path / "ours", "whole")
    model(tmp_path / "theirs", "in-4", quantization_bit=4)
    (model(tmp_path / "theirs", "half") / "ice_text.model").unlink()
    (model(tmp_path / "theirs", "pointer") / "model.safetensors").write_bytes(b"version https://git-lfs.github.com\n")
    prefix(tmp_path / "theirs", "tuned")
    found = {entry.name: entry.report for entry in Library([tmp_path / "ours", tmp_path / "theirs"]).checked()}
    assert {name: report.kind for name, report in found.items()} == {
        "whole": "model", "in-4": "model", "half": "model", "pointer": "model", "tuned": "prefix",
    }  # fmt: skip
    assert found["in-4"].bits == 4
    assert found["whole"].size_bytes == len(model_files()["model.safetensors"])
    config = json.loads((tmp_path / "ours" / "whole" / "config.json").read_text(encoding="utf-8"))
    assert found["whole"].token_bytes == config["num_layers"] * 2 * config["hidden_size"] * 2
    assert (found["half"].problem.code, found["pointer"].problem.code) == ("no_tokenizer", "lfs_pointer")


@pytest.fixture(scope="module")
def opened():
    """The files opened below the folder `below`, as Python tells of them; an audit hook stays for good."""
    seen = SimpleNamespace(below=None, files=[])

    def watch(event, args):
        if event == "open" and seen.below and str(args[0]).startswith(str(seen.below)):
            seen.files.append(Path(str(args[0])))

    sys.addaudithook(watch)
    return seen


def test_a_listing_opens_no_weights(tmp_path, opened):
    """What a webui's start does."""
    model(tmp_path, "whole")
    (model(tmp_path, "pointer") / "model.safetensors").write_bytes(b"version https://git-lfs.github.com\n")
    prefix(tmp_path, "tuned")
    opened.below = tmp_path
    library = Library([tmp_path])
    found = {entry.name: entry.report.problem for entry in library.models()}
    names = [entry.name for entry in library.prefixes()]
    opened.below = None
    assert (found["whole"], found["pointer"].code, names) == (None, "lfs_pointer", ["tuned"])
    assert {file.suffix for file in opened.files} == {".json"}


def test_a_folder_is_read_again_only_where_a_file_of_it_changed(tmp_path, opened):
    folders = [model(tmp_path, "base"), model(tmp_path, "other"), prefix(tmp_path, "tuned")]
    library = Library([tmp_path])

    def reads():
        opened.below, opened.files = tmp_path, []
        for _ in range(5):
            library.models(), library.prefixes(), library.model("base"), library.prefixes_of("base")
        opened.below = None
        return sorted({file.parent.name for file in opened.files}), len(opened.files)

    # The report and the sizes each take a look.
    assert reads() == (["base", "other", "tuned"], 2 * 3)
    assert reads() == ([], 0)
    (folders[0] / "ice_text.model").unlink()
    assert reads() == (["base"], 2)
    assert library.model("base").report.problem.code == "no_tokenizer"
    (folders[1] / "config.json").write_text(json.dumps({**CONFIG, "quantization_bit": 4}))
    assert library.model("other").report.bits == 4
    (folders[2] / "config.json").unlink()
    model(tmp_path, "new")
    assert [entry.name for entry in (*library.models(), *library.prefixes())] == ["base", "new", "other"]


def test_a_cut_off_file_is_found_by_the_closer_look(tmp_path):
    folder = model(tmp_path, "cut")
    (folder / "model.safetensors").write_bytes(safetensors({"a": (100, 100)})[:-10])
    library = Library([tmp_path])
    assert [entry.report.problem.code for entry in library.checked()] == ["truncated"]


def test_what_is_on_its_way_is_no_model_yet(tmp_path):
    model(tmp_path, ".whole.part")
    assert Library([tmp_path]).checked() == ()


def test_prefixes_are_those_of_a_base_and_say_what_they_were_tuned_on(tmp_path):
    model(tmp_path, "base")
    prefix(tmp_path, "fits", json.dumps(CARD))
    prefix(tmp_path, "other", "{torn", num_layers=28)
    prefix(tmp_path, "plain")
    library = Library([tmp_path])
    assert [entry.name for entry in library.prefixes_of("base")] == ["fits", "plain"]
    assert library.prefixes_of("nobody") == ()
    card = prefix_card(library.prefix("fits"))
    assert (card.base_model, card.examples, card.held_out_loss) == ("chatglm-6b", 100, 2.5)
    assert prefix_card(library.prefix("plain")) is None
    assert prefix_card(library.prefix("other")) is None


def test_a_category_goes_to_the_prefix_that_says_so_of_itself_and_of_its_base(tmp_path):
    for base in ("base", "twin"):
        model(tmp_path, base)
    model(tmp_path, "large", num_layers=28)
    tuned = {**CARD, "base_model": "base", "category": "beauty"}
    prefix(tmp_path, "a-shop", json.dumps({**tuned, "category": ""}))
    prefix(tmp_path, "posts", json.dumps(tuned))
    prefix(tmp_path, "wide", json.dumps({**tuned, "base_model": "large", "category": "food"}))
    library = Library([tmp_path])
    assert library.prefix_for("base", "beauty") == "posts"
    assert library.prefix_for("base", "food") is None
    # Of another model's sizes, or tuned on another one of the same sizes.
    assert library.prefix_for("large", "food") is None
    assert library.prefix_for("twin", "beauty") is None


def installer(tmp_path, *, shared=False):
    paths = SimpleNamespace(models=tmp_path, loras=tmp_path / "Lora", embeddings=tmp_path / "embeddings")
    host = SimpleNamespace(is_shared=lambda: shared, paths=lambda: paths, refresh=lambda: None)
    return ModelInstaller(host, Library([tmp_path]))


def code(call):
    with pytest.raises(AdCopyError) as raised:
        call(on_progress=lambda progress: None, stop=threading.Event())
    return raised.value.code


def test_where_others_can_reach_the_page_nothing_is_fetched_or_converted(tmp_path):
    model(tmp_path, "base")
    installing = installer(tmp_path, shared=True)
    for call in (
        lambda **options: installing.fetch("chatglm-6b-int4", "huggingface", **options),
        lambda **options: installing.fetch_file("http://127.0.0.1:9/x.safetensors", "lora", **options),
        lambda **options: installing.convert("base", 4, **options),
    ):
        assert code(call) == "model_library.shared"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["base"]


def test_what_is_not_offered_is_said(tmp_path):
    installing = installer(tmp_path)
    assert code(lambda **options: installing.fetch("gpt-5", "huggingface", **options)) == "model_library.not_published"
    assert code(lambda **options: installing.fetch("chatglm-6b", "ftp", **options)) == "model_library.no_source"
    # Its copy on ModelScope is a private account's.
    fetch_int8 = code(lambda **options: installing.fetch("chatglm-6b-int8", "modelscope", **options))
    assert fetch_int8 == "model_library.not_at_source"
    assert code(lambda **options: installing.convert("nobody", 4, **options)) == "model_library.unknown_model"


def test_the_same_thing_is_never_at_work_twice(tmp_path, hub, monkeypatch):
    hub.files["x.safetensors"] = safetensors({"lora.weight": (600, 1000)})
    hub.slow = threading.Event()
    installing = installer(tmp_path)
    begun, stop = threading.Event(), threading.Event()
    address = f"{hub.address}/x.safetensors"
    worker = threading.Thread(
        target=installing.fetch_file, args=(address, "lora"),
        kwargs={"on_progress": lambda progress: begun.set(), "stop": stop},
    )  # fmt: skip
    worker.start()
    assert begun.wait(10)
    assert code(lambda **options: installing.fetch_file(address, "lora", **options)) == "model_library.at_work"
    stop.set()
    worker.join()
    hub.slow = None
    assert installing.fetch_file(address, "lora", on_progress=lambda progress: None, stop=threading.Event())
