"""Offline translators for words the glossary lacks: whichever the user has installed, loaded when first needed.

Argos Translate's zh-en package is read with ctranslate2 and sentencepiece directly: its own front end may fetch a
sentence splitter, and these are single words. An opus-mt-zh-en folder in the model folders is read by transformers
from its safetensors. Nothing here goes online.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lib_adcopy.prompting.sanitise import clean_words

# Chinese words -> their English, where some translator knows it.
Translate = Callable[[Sequence[str]], Mapping[str, str]]
# Gives one English answer for each Chinese word.
Engine = Callable[[Sequence[str]], Sequence[str]]

_WORDS_AT_MOST = 5
_LARGEST_CONFIG = 2**20
_log = logging.getLogger("adcopy.prompting")


class OfflineTranslator:
    """A `Translate` whose engine is loaded by the first word asked for, once, by whichever thread asks."""

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._broken = False
        self._known: dict[str, str] = {}

    def __call__(self, words: Sequence[str]) -> Mapping[str, str]:
        """Return the words it can put into a few words of English; the others are missing."""
        with self._lock:
            asked = [word for word in dict.fromkeys(words) if word not in self._known]
            if asked and not self._broken:
                self._ask(asked)
            return {word: said for word in words if (said := self._known.get(word, ""))}

    def _ask(self, words: list[str]) -> None:
        try:
            self._engine = self._engine or self._load()
            answers = self._engine(words)
        except Exception as error:
            # Whatever a library of the user's own choosing raises: the words are reported as unknown instead.
            self._broken = True
            _log.warning("the offline translator cannot be used: %s", error)
            return
        self._known |= {word: _plain(said) for word, said in zip(words, answers, strict=True)}


def find_translator(model_folders: Iterable[Path]) -> Translate | None:
    """Return the first translator that is installed, not yet loaded; None where there is none."""
    if all(find_spec(name) for name in ("argostranslate", "ctranslate2", "sentencepiece")):
        return OfflineTranslator(_argos)
    for root in model_folders:
        for folder in _folders(root):
            if _is_opus(folder) and find_spec("transformers"):
                return OfflineTranslator(partial(_opus, folder))
    return None


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(root.iterdir()) if root.is_dir() else []
    except OSError as error:
        _log.info("%s cannot be read: %s", root, error.strerror)
        return []


def _argos() -> Engine:
    import ctranslate2
    import sentencepiece
    from argostranslate import package

    for found in package.get_installed_packages():
        folder = Path(found.package_path)
        if (found.from_code, found.to_code) == ("zh", "en") and (folder / "sentencepiece.model").is_file():
            pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
            model = ctranslate2.Translator(str(folder / "model"), device="cpu")
            return lambda words: _by_pieces(words, pieces, model)
    raise LookupError("Argos Translate has no package from Chinese to English")


def _by_pieces(words: Sequence[str], pieces: Any, model: Any) -> list[str]:
    answers = model.translate_batch([pieces.encode(word, out_type=str) for word in words], beam_size=4)
    return [pieces.decode(answer.hypotheses[0]) for answer in answers]


def _is_opus(folder: Path) -> bool:
    """Return a Marian model from Chinese whose weights are safetensors; a pickle is never opened."""
    config, weights = folder / "config.json", folder / "model.safetensors"
    if "zh-en" not in folder.name.lower():
        return False
    try:
        if not (config.is_file() and weights.is_file() and config.stat().st_size < _LARGEST_CONFIG):
            return False
        return bool(json.loads(config.read_text(encoding="utf-8")).get("model_type") == "marian")
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def _opus(folder: Path) -> Engine:
    from transformers import MarianMTModel, MarianTokenizer

    tokenizer = MarianTokenizer.from_pretrained(str(folder), local_files_only=True)
    model = MarianMTModel.from_pretrained(str(folder), local_files_only=True, use_safetensors=True).eval()

    def engine(words: Sequence[str]) -> list[str]:
        made = model.generate(**tokenizer(list(words), return_tensors="pt", padding=True), max_new_tokens=24)
        return list(tokenizer.batch_decode(made, skip_special_tokens=True))

    return engine


def _plain(said: str) -> str:
    """Return a few words of English, "" for an answer that is a sentence or still Chinese."""
    if not said.isascii():
        return ""
    words = clean_words(said).lower()
    return words if 0 < len(words.split()) <= _WORDS_AT_MOST else ""
