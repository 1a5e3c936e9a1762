"""Offline translators, by stand-ins: found without being loaded, loaded once, never an obstacle, never online."""

from __future__ import annotations

import json
import sys
import threading
from types import ModuleType, SimpleNamespace

import pytest

from lib_adcopy.prompting.glossary import translators
from lib_adcopy.prompting.glossary.translators import OfflineTranslator, find_translator


@pytest.fixture
def installed(monkeypatch):
    """Which packages there are, whatever this machine has."""
    names = set()
    monkeypatch.setattr(translators, "find_spec", lambda name: name in names or None)
    return names


def test_it_is_loaded_by_the_first_word_once_and_asked_once_a_word():
    loads, asked = [], []

    def load():
        loads.append(threading.get_ident())

        def engine(words):
            asked.extend(words)
            return [f"english {len(word)}" for word in words]

        return engine

    translate = OfflineTranslator(load)
    assert loads == []
    worker = threading.Thread(target=translate, args=(["龘靐"],))
    worker.start()
    worker.join()
    assert translate(["龘靐", "鱻"]) == {"龘靐": "english 2", "鱻": "english 1"}
    assert len(loads) == 1 and loads[0] != threading.get_ident() and asked == ["龘靐", "鱻"]


def test_one_that_cannot_be_loaded_leaves_the_words_unknown_and_is_not_tried_again():
    tries = []

    def load():
        tries.append(1)
        raise OSError("no model here")

    translate = OfflineTranslator(load)
    assert translate(["龘"]) == {} and translate(["靐"]) == {} and len(tries) == 1


def test_answers_that_are_no_few_english_words_are_not_taken():
    answers = ["仍是中文", "this is a whole sentence about the product", "<lora:evil:1>", "Thunder Pattern."]
    translate = OfflineTranslator(lambda: lambda words: answers)
    assert translate(["一", "二", "三", "四"]) == {"四": "thunder pattern"}


def test_nothing_is_found_where_nothing_is_installed(installed, tmp_path):
    assert find_translator([tmp_path, tmp_path / "missing"]) is None


def test_argos_package_is_read_without_argos_own_front_end(installed, monkeypatch, tmp_path):
    (tmp_path / "sentencepiece.model").write_bytes(b"")
    installed |= {"argostranslate", "ctranslate2", "sentencepiece"}
    package = SimpleNamespace(from_code="zh", to_code="en", package_path=tmp_path)
    argos = ModuleType("argostranslate")
    argos.package = SimpleNamespace(
        get_installed_packages=lambda: [SimpleNamespace(from_code="en", to_code="zh", package_path=""), package]
    )
    monkeypatch.setitem(sys.modules, "argostranslate", argos)
    monkeypatch.setitem(sys.modules, "argostranslate.package", argos.package)
    pieces = SimpleNamespace(encode=lambda word, out_type: list(word), decode=" ".join)
    monkeypatch.setitem(sys.modules, "sentencepiece", SimpleNamespace(SentencePieceProcessor=lambda model_file: pieces))
    model = SimpleNamespace(
        translate_batch=lambda batch, beam_size: [SimpleNamespace(hypotheses=[["thunder", "dragon"]]) for _ in batch]
    )
    opened = []
    monkeypatch.setitem(
        sys.modules, "ctranslate2", SimpleNamespace(Translator=lambda folder, device: opened.append(folder) or model)
    )
    translate = find_translator([])
    assert opened == []
    assert translate(["龘"]) == {"龘": "thunder dragon"} and opened == [str(tmp_path / "model")]


def test_opus_is_read_from_safetensors_and_only_from_this_machine(installed, monkeypatch, tmp_path):
    installed.add("transformers")
    folder = tmp_path / "opus-mt-zh-en"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "marian"}), encoding="utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"")
    assert find_translator([tmp_path]) is None
    (folder / "model.safetensors").write_bytes(b"")
    given = {}

    def model(path, **options):
        given.update(options)
        made = SimpleNamespace(generate=lambda max_new_tokens, ids: ids)
        return SimpleNamespace(eval=lambda: made)

    class Tokenizer:
        def __call__(self, words, return_tensors, padding):
            return {"ids": words}

        def batch_decode(self, made, skip_special_tokens):
            return ["thunder"] * len(made)

    transformers = SimpleNamespace(
        MarianMTModel=SimpleNamespace(from_pretrained=model),
        MarianTokenizer=SimpleNamespace(from_pretrained=lambda path, local_files_only: Tokenizer()),
    )
    monkeypatch.setitem(sys.modules, "transformers", transformers)
    assert find_translator([tmp_path])(["龘"]) == {"龘": "thunder"}
    assert given == {"local_files_only": True, "use_safetensors": True}
