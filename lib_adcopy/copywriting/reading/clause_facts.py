"""A clause's facts: its typed words, the clause itself where they leave something unsaid, lists part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lib_adcopy.copywriting.reading.amounts import measure_value
from lib_adcopy.copywriting.reading.clauses import unsaid, worn_with
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import load_lexicon
from lib_adcopy.copywriting.reading.segments import label_kind
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement

HAN = "\u4e00-\u9fff"
_EDGES = " \t\n\"'‘’“”.,，。;；:：!！?？~～-_*#·|、()（）[]【】→"
AMOUNTS = ("size", "capacity", "weight", "quantity")
NAMES = ("name", "brand", "model")
MONEY = ("price", "list_price", "offer", "coupon", "deadline")
# Kinds that say what they are wherever they stand.
STRONG = (*AMOUNTS, *NAMES, *MONEY, "material", "colour", "ingredient", "origin", "pattern", "flavour", "season",
           "fit", "style", "certificate", "warranty", "service", "contact", "audience")  # fmt: skip
LISTED = ("colour", "material", "ingredient", "flavour", "audience", "occasion", "season", "pattern", "style")
_OTHER_WHATEVER_THE_HEADING = ("function", "certificate", "warranty", "service", "offer")
_JOINERS = re.compile(r"\s*(?:[、/+&,，;；]|(?<=[^\s])(?:和|与|及|以及|或者?)(?=[^\s]))\s*|\s+(?=[\u4e00-\u9fff])")
_LITTLE = re.compile(
    r"(?:[\s的地得了着过和与及或是为有用在也都还就很更可选款种个等这那它约共每各内外里上下中左右起配带含约为,，、/+&.·~()（）-]|颜色|材质|面料|尺寸|"
    r"口味|两种|三种|多种|可选|[一二两三四五六七八九十]+个?色)*"
)
_COLOUR_END = "红橙黄绿蓝紫黑白灰棕粉银青褐杏咖色金"
_ONE_COLOUR = "红橙黄绿蓝紫黑白灰棕粉银青褐咖米杏"
_COLOURS = re.compile(rf"(?:颜色有?|配色)?\s*(?:[{HAN}]{{1,4}}[{_COLOUR_END}](?:[、/+和或 ，]\s*)?){{2,}}")
_SHORT = 3
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
# A heading without a colon: "颜色有雾蓝和奶咖".
_HEADED = re.compile(
    r"\s*(?P<name>颜色|配色|材质|面料|口味|尺寸|尺码|图案|产地|成分|配料|容量|重量)(?:有|是|为|可选|分)?(?=\S{2,})"
)
_LIST = re.compile(rf"[、/]|(?<=[{HAN}]) +(?=[{HAN}])")
_LIST_LENGTH = 14
_LONGEST_COLOUR = 5
_MAY_BE_COLOURS = {"colour", "feature", "flavour", "material", "style"}
_CLAUSE_PARTS = re.compile(r"[，,、;；]\s*")


def listed_facts(source: Source, start: int, end: int, kind: str) -> list[Fact]:
    """The parts of a value, each of its kind; what is another kind whatever the heading says, as that."""
    if kind not in LISTED:
        found = fact_at(source, kind, start, end, measure_value(source.plain[start:end]))
        return [found] if found else []
    made: list[Fact] = []
    for first, last in parts_between(source.plain, start, end, _JOINERS):
        told = kind_of_phrase(source.plain[first:last])
        own = told if told in _OTHER_WHATEVER_THE_HEADING and kind != "audience" else kind
        part = fact_at(source, own, first, last)
        made += [part] if part else []
    return made


def facts_of_clauses(
    source: Source, statement: Statement, inside: Sequence[Fact], whole: Fact | None, fallback: str = ""
) -> list[Fact]:
    """A clause without a role: its typed facts, and the clause itself where they leave something unsaid."""
    made: list[Fact] = []
    spans = [(statement.start, statement.end)]
    if whole is None or "，" in statement.text or ("、" in statement.text and len(statement.text) > _LIST_LENGTH):
        spans = list(parts_between(source.plain, statement.start, statement.end, _CLAUSE_PARTS))
    for start, end in spans:
        within = [fact for fact in inside if start <= fact.start < end]
        made += _of_clause(source, start, end, within, fallback)
    return made


def _of_clause(source: Source, start: int, end: int, inside: Sequence[Fact], fallback: str) -> list[Fact]:
    text = source.plain[start:end].strip(_EDGES)
    named = [fact for fact in inside if fact.name]
    if not text or worn_with(text) >= 0 or (not inside and unsaid(text)):
        # What is denied, compared with or worn beside it is no fact of the product.
        return list(inside)
    headed = _HEADED.match(source.plain, start, end)
    if headed and not named and label_kind(headed["name"]) in (*LISTED, *AMOUNTS):
        return listed_facts(source, headed.end(), end, label_kind(headed["name"]))
    if not named and _COLOURS.fullmatch(text) and kind_of_phrase(text) in ("colour", "feature"):
        return listed_facts(source, start, end, "colour")
    if _LIST.search(text) and not named:
        listed = _all_colours(source, start, end)
        if listed:
            return listed
    strong = [fact for fact in inside if fact.kind in STRONG or fact.name]
    rest = _without(source.plain, start, end, strong)
    if strong and _LITTLE.fullmatch(rest):
        return strong
    if named:
        return [fact for fact in inside if fact.name or len(fact.text) > 1]
    return _with_whole(source, start, end, strong, rest, fallback)


def _with_whole(source: Source, start: int, end: int, strong: Sequence[Fact], rest: str, fallback: str) -> list[Fact]:
    """The typed facts of a clause, and the clause itself as a fact; one amount with a little around it is one fact."""
    told = kind_of_phrase(_BRACKETS.sub("", source.plain[start:end]).strip(_EDGES))
    kind = told if told != "feature" else (fallback or "feature")
    amounts = [fact for fact in strong if fact.kind in AMOUNTS]
    short = len(re.findall(f"[{HAN}]", rest)) <= _SHORT
    if len(strong) == 1 and amounts and short and kind in ("feature", amounts[0].kind):
        grown = fact_at(source, amounts[0].kind, start, end, amounts[0].value)
        return [grown] if grown else list(strong)
    whole = fact_at(source, kind, start, end)
    kept = [fact for fact in strong if fact.kind != kind and len(fact.text) > (3 if fact.kind == "quantity" else 1)]
    return [*kept, whole] if whole else kept


def _all_colours(source: Source, start: int, end: int) -> list[Fact]:
    """A list of colours where one of them is a colour for certain: 燕麦、藏蓝."""
    parts = list(parts_between(source.plain, start, end, _JOINERS))
    words = [source.plain[first:last].strip(_EDGES) for first, last in parts]
    sure = any(
        (term is not None and term.kind == "colour") or (len(word) > 1 and word[-1] in _COLOUR_END[:-2])
        for word, term in zip(words, map(load_lexicon().term, words), strict=True)
    )
    if words and all(len(word) == 1 and word in _ONE_COLOUR for word in words):
        return [fact for first, last in parts if (fact := fact_at(source, "colour", first, last))]
    short = all(1 < len(word) <= _LONGEST_COLOUR and not re.search(r"\d", word) for word in words)
    if sure and short and {kind_of_phrase(word) for word in words} <= _MAY_BE_COLOURS:
        return [fact for first, last in parts if (fact := fact_at(source, "colour", first, last))]
    return []


def parts_between(plain: str, start: int, end: int, joiners: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The stretches between joiners that are in no brackets."""
    at = start
    for joiner in [*joiners.finditer(plain, start, end), None]:
        stop = joiner.start() if joiner else end
        text = plain[at:stop]
        if joiner and sum(map(text.count, "(（")) > sum(map(text.count, ")）")):
            continue
        if text.strip(_EDGES):
            yield at, stop
        at = joiner.end() if joiner else end


def _without(plain: str, start: int, end: int, facts: Sequence[Fact]) -> str:
    return "".join(plain[at] for at in range(start, end) if not any(fact.start <= at < fact.end for fact in facts))


def fact_at(source: Source, kind: str, start: int, end: int, value: str = "") -> Fact | None:
    """A fact without the marks at its ends; a closing bracket stays where it was opened."""
    while start < end and source.plain[start] in _EDGES and source.plain[start] not in "(（【":
        start += 1
    while end > start and source.plain[end - 1] in _EDGES:
        if source.plain[end - 1] in ")）" and re.search("[(（]", source.plain[start : end - 1]):
            break
        end -= 1
    while start < end and source.plain[start] in "(（【" and not re.search("[)）】]", source.plain[start:end]):
        start += 1
    return Fact(kind, source.text[start:end], value, start, end) if start < end else None
