"""What becomes of a long conversation: old rounds go by the tokens they take, never by their number."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm import ChatModel, load_model  # noqa: E402
from lib_adcopy.chatglm.generation_types import SamplingParams  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, prompt, write_folder  # noqa: E402

_ROOM = 256


class OneTokenACharacter:
    """Remembers what it encoded last: the prompt that was read."""

    read = ""

    def encode(self, text):
        self.read = text
        return prompt(len(text))

    def piece_id(self, piece):
        return 0

    def join_pieces(self, ids):
        return ""


@pytest.fixture
def asked(tmp_path):
    tokenizer = OneTokenACharacter()
    chat = ChatModel(load_model(write_folder(tmp_path, replace(SMALL, max_sequence_length=2048))), tokenizer)
    stop = threading.Event()
    stop.set()

    def ask(rounds, limit):
        list(chat.stream("短一点", history=rounds, sampling=SamplingParams(max_length=limit), stop=stop))
        return tokenizer.read

    return ask


def test_as_many_rounds_stay_as_leave_the_answer_room(asked):
    rounds = [(f"第{number}次", "很好看。" * 5) for number in range(12)]
    whole = asked(rounds, 2048)
    assert all(wish in whole for wish, _ in rounds)
    read = asked(rounds, 500)
    kept = [wish for wish, _ in rounds if wish in read]
    assert 3 < len(kept) < 12 and kept == [wish for wish, _ in rounds[-len(kept) :]]
    assert len(read) + _ROOM <= 500


def test_a_long_conversation_reads_no_more_than_the_limit(asked):
    read = asked([(f"第{number}次", "很好看。" * 5) for number in range(400)], 500)
    assert len(read) + _ROOM <= 500 and "第399次" in read and read.endswith("问：短一点\n答：")
