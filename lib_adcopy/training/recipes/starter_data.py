"""Training data of the starter: AdvertiseGen pairs, and the template writer's for other products.

A pair's query is what the ChatGLM writer sends: "类型#裙*风格#文艺" for clothing, "产品#口红*卖点#哑光" for the rest.
"""

from __future__ import annotations

import io
import json
import math
import random
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.copywriting.review.review import says
from lib_adcopy.copywriting.vocabulary import DATA, synonyms_of
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.writing import Sampling
from lib_adcopy.training.recipes.starter_phrases import templates

# The official special pieces, in the official order.
_SPECIAL = [
    "<n>", "[MASK]", "[gMASK]", "[sMASK]", "<unused_0>", "<sop>", "<eop>", "<ENC>", "<dBLOCK>", "<|tab|>",
    *(f"<|blank_{size}|>" for size in range(2, 81)),
]  # fmt: skip
_GENERAL_NAMES = ("产品", "卖点")
_GARMENT = "类型"
# Uses of a word in the training texts that make it a piece of its own.
_COMMON = 20
_SWAPPED_ROWS, _SWAPPED_VALUES = 0.3, 0.4
# Characters by which what is asked for first may be said later than the next.
_DISORDER = 12.0
# What the data set has in place of rare characters and brands.
_PLACEHOLDER = re.compile(r"<?(?:UNK|BRAND)>?")
# Products and selling points by category.
_WORDS = json.loads(Path(__file__).with_name("starter_words.json").read_text(encoding="utf-8"))
_ODD = [("", ""), ("小", ""), ("", "款"), ("迷你", ""), ("便携", ""), ("", "套装"), ("新", "")]


# The attributes and the text of one AdvertiseGen row.
Row = tuple[tuple[tuple[str, str], ...], str]


@dataclass(frozen=True)
class Pair:
    """`values`: what the answer was asked to say; their characters weigh more in the loss."""

    query: str
    answer: str
    values: tuple[str, ...]


def read_pairs(file: Path) -> list[Row]:
    """(attributes, text) of every AdvertiseGen row."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(_attributes(row["content"]), _PLACEHOLDER.sub("", row["summary"])) for row in rows]


def _attributes(content: str) -> tuple[tuple[str, str], ...]:
    split = (piece.partition("#") for piece in content.split("*"))
    return tuple(dict.fromkeys((name, value) for name, _, value in split))


def adgen_pairs(rows: list[Row], chance: random.Random, swapped: float = _SWAPPED_ROWS) -> list[Pair]:
    """Return one pair a row, asking for what the text says in about the order it says it: what is asked for is then
    said.

    In the share `swapped`, values give way to others of their kind, in the query and the text alike, so that copying is
    learnt.
    """
    kinds = _kinds(rows)
    made = []
    for attributes, text in rows:
        kept = [pair for pair in attributes if pair[0] == _GARMENT or says(text, *pair)]
        if chance.random() < swapped:
            kept, text = _swapped(kept, text, kinds, chance)
        places = {pair: _place(text, *pair) + chance.gauss(0, _DISORDER) for pair in kept}
        kept.sort(key=lambda pair: -math.inf if pair[0] == _GARMENT else places[pair])
        words = tuple(word for pair in kept for word in synonyms_of().get(pair, (pair[1],)))
        made.append(Pair("*".join(f"{name}#{value}" for name, value in kept), text, words))
    return made


def _kinds(rows: list[Row]) -> dict[str, list[str]]:
    """Return the values of each attribute that may stand for one another; the cut and the garment shape the whole
    text."""
    found: dict[str, Counter[str]] = {}
    for attributes, _ in rows:
        for name, value in attributes:
            if name not in (_GARMENT, "版型") and len(value) > 1:
                found.setdefault(name, Counter())[value] += 1
    return {name: [value for value, count in values.items() if count >= 5] for name, values in found.items()}


def _swapped(
    pairs: list[tuple[str, str]], text: str, kinds: dict[str, list[str]], chance: random.Random
) -> tuple[list[tuple[str, str]], str]:
    made: list[tuple[str, str]] = []
    for name, value in pairs:
        other = chance.choice(kinds.get(name) or [value])
        taken = any(other in text or other == known for _, known in pairs)
        if text.count(value) == 1 and not taken and chance.random() < _SWAPPED_VALUES:
            text, value = text.replace(value, other), other
        made.append((name, value))
    return made, text


def _place(text: str, name: str, value: str) -> int:
    """Return where the text first mentions the value."""
    lowered = text.lower()
    places = [lowered.find(word.lower()) for word in synonyms_of().get((name, value), (value,))]
    return min((place for place in places if place >= 0), default=len(text))


def template_pairs(
    count: int,
    characters: str,
    chance: random.Random,
    only: str = "",
    *,
    tone: str = "natural",
    lengths: Sequence[str] = ("short", "medium"),
    made_up: float = 0.3,
) -> list[Pair]:
    """Pairs for products that are no clothing, of the category `only` or of all.

    The share `made_up` of the selling points are chance characters, so copying is learnt.
    """
    writer, stop = TemplateWriter(), threading.Event()
    made = []
    for _ in range(count):
        category = only or chance.choice(list(_WORDS["products"]))
        before, after = chance.choice(_ODD)
        product = before + chance.choice(_WORDS["products"][category]) + after
        points = chance.sample(_WORDS["points"][category], chance.randint(1, 5))
        points = [_chance_word(characters, chance) if chance.random() < made_up else point for point in points]
        if chance.random() < 0.15:
            product = _chance_word(characters, chance)
        brief = Brief(
            text="，".join([product, *points]),
            points=(product, *points),
            category=category,
            tone=tone,
            length=chance.choice(lengths),
        )
        drafts = writer.write(brief, count=1, seed=chance.randrange(2**31), sampling=Sampling(), stop=stop)
        *_, last = drafts
        query = "*".join([f"产品#{product}", *(f"卖点#{point}" for point in points)])
        made.append(Pair(query, last.copy.text, (product, *points)))
    return made


def _chance_word(characters: str, chance: random.Random) -> str:
    return "".join(chance.choice(characters) for _ in range(chance.randint(2, 5)))


def common_characters() -> str:
    """Return the 3755 characters of GB 2312's first level, in its order."""
    codes = (bytes((row, column)) for row in range(0xB0, 0xD8) for column in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", errors="ignore") for code in codes)


def build_tokenizer(rows: list[Row], file: Path) -> None:
    """Writes a sentencepiece model: characters, the commonest words whole, the official special pieces, bytes.

    A word is cut the same way wherever it stands, for the longest listed one is always taken: what a query names is
    then copied piece by piece.
    """
    texts = [text for _, text in rows] + [f"{name}{value}" for pairs, _ in rows for name, value in pairs]
    bank = sorted((DATA / "copy" / "zh").glob("*.json"))
    sentences = json.dumps(templates(), ensure_ascii=False) + "".join(file.read_text("utf-8") for file in bank)
    words = json.dumps(_WORDS, ensure_ascii=False)
    signs = "".join(map(chr, range(33, 127))) + "，。！？；：、（）《》“”‘’—…·～【】％"
    seen = {*"".join(texts), *sentences, *words, *signs, *common_characters()}
    characters = sorted(character for character in seen if not character.isspace())
    names = sorted({name for pairs, _ in rows for name, _ in pairs}) + list(_GENERAL_NAMES)
    symbols = _SPECIAL + [f"{name}#" for name in names] + _common_words(rows)
    # Into memory: a model written to a file remembers that file's path.
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.Train(
        sentence_iterator=iter(characters * 2),
        model_writer=written,
        model_type="unigram",
        vocab_size=4 + len(symbols) + 256 + len(characters) + 1,
        hard_vocab_limit=False,
        max_sentencepiece_length=1,
        character_coverage=1.0,
        byte_fallback=True,
        user_defined_symbols=symbols,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        unk_piece="<unk>", bos_piece="<s>", eos_piece="</s>", pad_piece="<pad>",
        unk_id=0, bos_id=1, eos_id=2, pad_id=3,
        minloglevel=2,
    )  # fmt: skip
    file.write_bytes(written.getvalue())


def _common_words(rows: list[Row]) -> list[str]:
    """Words of two to four ideographs that the texts use often, and the attributes' values."""
    import jieba

    jieba.setLogLevel("ERROR")
    counts = Counter(word for _, text in rows for word in jieba.cut(text))
    values = Counter(value for pairs, _ in rows for _, value in pairs)
    counts.update({value: count for value, count in values.items() if count >= 5})
    common = [word for word, count in counts.items() if count >= _COMMON and re.fullmatch("[\u4e00-\u9fff]{2,4}", word)]
    return sorted(common)


def vocabulary_size(file: Path) -> int:
    return sentencepiece.SentencePieceProcessor(model_file=str(file)).GetPieceSize()


def tokens(pair: Pair, tokenizer: ChatGLMTokenizer, weight: float) -> tuple[list[int], int, list[float]]:
    """Ids of query and answer, where the answer starts, and the answer's weights ([...] + the end's)."""
    query, answer = tokenizer.encode(pair.query), tokenizer.encode(pair.answer, special=False)
    weights = [1.0] * (len(answer) + 1)
    pieces = [tokenizer.decode([piece]) for piece in answer]
    lowered = pair.answer.lower()
    if "".join(pieces) == pair.answer:
        asked = [False] * len(lowered)
        for value in filter(None, pair.values):
            at = lowered.find(value.lower())
            while at >= 0:
                asked[at : at + len(value)] = [True] * len(value)
                at = lowered.find(value.lower(), at + 1)
        at = 0
        for number, piece in enumerate(pieces):
            if any(asked[at : at + len(piece)]):
                weights[number] = weight
            at += len(piece)
    return [*query, *answer, tokenizer.eos_id], len(query), weights
