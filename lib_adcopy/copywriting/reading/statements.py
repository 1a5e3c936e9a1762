"""A brief's statements: its clauses cut, put together, named by what they are good for, and cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.reading.joining import Joined, joined
from lib_adcopy.copywriting.reading.naming import product_text, spaced, with_names
from lib_adcopy.copywriting.reading.roles import USUAL_LABELS
from lib_adcopy.copywriting.reading.segments import label_kind
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement

_HAN = "\u4e00-\u9fff"
_EDGES = " \t，,、;；:：。.!！?？~～-—–…*·•|/\\^_=+&"
_OPEN_EDGES = "".join(mark for mark in _EDGES if mark not in ".-~")
# How an English seller leads up to what he sells, and greetings of both languages.
_ENGLISH_LEAD = re.compile(
    r"^(?:(?:so,? )?(?:this|here|it) is|"
    r"(?:we|i) (?:make|sell|bake|craft|design|offer|run|teach|host)(?: an?)?|selling|introducing|meet|say hello to)"
    r"\s+(?:(?:our|my) )?",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya)(?: (?:there|all|everyone|guys|folks))?|(?:大家|各位|你们?|您)好|"
    f"各位[{_HAN}]{{2,3}}|哈[喽啰]",
    re.IGNORECASE,
)
# How a seller leads up to all that follows: 你按这个来：...
_INTRODUCED = re.compile("^(?:你?(?:就?[按照]这个(?:来|写)|看着写)|(?:信息|内容|资料|情况)?如下)[:：]\\s*")
# 8岁+, 30克+, PA++++: or more of it, or a grade; no joint.
_OR_MORE = re.compile(f"(?<=\\d)\\+$|(?<=\\d[{_HAN}a-z%])\\+$|(?<=\\bPA)\\++$", re.IGNORECASE)
# Abbreviations that are spelled out for the reader.
_WITH = re.compile(r"(?<![\w/])w/\s*(?=[A-Za-z])")
_INCLUDED = re.compile(r"\bincl\b\.?(?=$|[,;])")
# What is said of both products of a brief: 都是均码, 两顶一起拍85.
_OF_BOTH = re.compile("(?:全?都(?=[是有能可])|全部|[两二][个款顶件条双样种只份](?:一起|都|同|齐)|一起[买拍])")
_TASTED = re.compile("味道|气味|氣味|辣度|口感|香味")
_LEFT_OF_PRICE = 3
# What ends in a number that counts or measures nothing.
_BARE_PRICE = re.compile(
    rf"(?=.*[{_HAN}])(?!.*\d(?:分钟|小时|天|年|档))[{_HAN}A-Za-z\d（）()+]{{2,14}}?(?<![直径高长宽厚深重围码口第约到差共达号级年月款型功率量度数径径转速容超近了银金铂钢纯])"
    r"(?<!\d)[1-9]\d{1,4}(?:\.\d{1,2})?起?"
)
_BARE_LENGTH = re.compile(r"\d+(?:\.\d+)?\s*(?:mm|cm|毫米|厘米)", re.IGNORECASE)
# 红/黑/紫.
_BARE_COLOURS = re.compile("[红橙黄绿蓝紫黑白灰棕粉银青褐咖米杏](?:[/、 ][红橙黄绿蓝紫黑白灰棕粉银青褐咖米杏])+")
_LABEL = 2
_CHINESE_VERB = re.compile(f"[{_HAN}]{{2,}}是[{_HAN}]{{2,}}|略?有[黑白小]?[点斑]|说实话")
_ENGLISH_VERB = re.compile(r"\b(?:is|are|was|were|has|can|will)\b", re.IGNORECASE)
_SHORT_WORD = re.compile(f"[{_HAN}]{{1,4}}")
_MONEY = ("price", "list_price")
_SPACED = re.compile(rf"(?<=[{_HAN}，。！、；：）》」]) +(?=[{_HAN}（《「，。！、；：])")
_AFTER_NUMBER = re.compile(rf"(?<=[\d元块）])\s+(?=[{_HAN}])")
_MARK_SPACES = re.compile(r" *([，。；：、！？]) *")
_ASCII_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_IN_HAN = re.compile(rf"(?<=[{_HAN}）)])\s*([,;:?!])\s*|([,;?!])\s*(?=[{_HAN}（(])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
# AdvertiseGen's names of the product itself; a length or a cut only describes it.
_PRODUCT_PAIRS = ("类型", "衣样式", "")
_UNUSED = re.compile(r"\w{2,}")


def read_statements(
    source: Source, drafts: Sequence[Joined], facts: Sequence[Fact], *, language: str
) -> tuple[Statement, ...]:
    """The statements of a text whose clauses and facts are known."""
    plain = source.plain
    names = [fact for fact in facts if fact.kind == "name"]
    drafts = with_names(plain, drafts, facts)
    kinds = [_whole_kind(plain, draft, facts) for draft in drafts]
    kinds = _with_colours_between(plain, drafts, kinds)
    # Prices without a sign of their own are known by their facts only.
    drafts = [
        replace(draft, role="price") if not draft.role and (kind in _MONEY or _is_price(plain, draft, facts)) else draft
        for draft, kind in zip(drafts, kinds, strict=True)
    ]
    drafts = _with_bare_prices(plain, drafts) if language == "zh" else drafts
    drafts = joined(plain, drafts, kinds, language=language)
    return tuple(_statements(source, drafts, facts, names, language))


def _is_price(plain: str, draft: Joined, facts: Sequence[Fact]) -> bool:
    """Return whether a clause is a price with what it is the price of: 半斤35, S码128 M码138."""
    inside = [fact for fact in facts if draft.start <= fact.start and fact.end <= draft.end]
    if not any(fact.kind in _MONEY for fact in inside):
        return False
    told = (*_MONEY, "weight", "quantity", "size", "capacity", "deadline")
    left = plain[draft.start : draft.end]
    for fact in inside:
        left = left.replace(plain[fact.start : fact.end], "") if fact.kind in told else left
    return len(re.findall(f"[{_HAN}A-Za-z]", left)) <= _LEFT_OF_PRICE


def _with_bare_prices(plain: str, drafts: Sequence[Joined]) -> list[Joined]:
    """The drafts where what ends in a bare number is a price as others are: 2斤分装108, 新学员第一节29."""
    if not any(draft.role == "price" for draft in drafts):
        return list(drafts)
    return [
        replace(draft, role="price")
        if draft.role in ("", "attribute", "contents") and not draft.label and _BARE_PRICE.fullmatch(draft.words(plain))
        else draft
        for draft in drafts
    ]


def _with_colours_between(plain: str, drafts: Sequence[Joined], kinds: Sequence[str]) -> list[str]:
    """The kinds, where a short word between two colours is one: 雾蓝 燕麦 墨绿."""
    made = list(kinds)
    for at in range(1, len(made) - 1):
        word = plain[drafts[at].start : drafts[at].end]
        between = kinds[at - 1] == kinds[at + 1] == "colour" and not drafts[at].role and not drafts[at].label
        if between and _SHORT_WORD.fullmatch(word):
            made[at] = "colour"
    return made


def unused_words(source: Source, statements: Sequence[Statement], facts: Sequence[Fact]) -> tuple[str, ...]:
    """Return what of a text went into no statement and no fact, in its order."""
    taken = bytearray(len(source.plain))
    for start, end in [*((s.start, s.end) for s in statements), *((f.start, f.end) for f in facts)]:
        taken[start:end] = b"\x01" * (end - start)
    left = "".join("\n" if used else mark for used, mark in zip(taken, source.shown, strict=True))
    found = (clean(part).strip(". ") for part in re.split(r"[\n;；，,。【】]+", left))
    headings = {each.label for each in statements}
    said = (part for part in found if _UNUSED.search(part) and not _GREETING.fullmatch(part))
    return tuple(part for part in said if not (part in headings or label_kind(part)))


def clean(text: str, *, chinese: bool = True) -> str:
    """A clause as it can stand in a text: without marks at its ends, with one kind of them inside."""
    more = _OR_MORE.search(text)
    text = _INTRODUCED.sub("", text).lstrip(_OPEN_EDGES).rstrip(_EDGES).replace("\n", " ")
    text += more[0] if more and not text.endswith(more[0]) else ""
    text = re.sub(r"^[-~]\s*(?!\d)", "", text)
    text = re.sub(";+", " ", text) if chinese else text
    if chinese and re.search(f"[{_HAN}]", text):
        text = _BRACKETS.sub(r"（\1）", text)
        text = re.sub(r"(?<=[）)])\s+(?=\d)", "，", text)
        text = _IN_HAN.sub(lambda match: _ASCII_MARKS[match[1] or match[2]], text)
        text = _MARK_SPACES.sub(r"\1", _SPACED.sub("，", text))
        text = re.sub("，{2,}", "，", text)
    else:
        text = _WITH.sub("with ", _INCLUDED.sub("included", text))
    text = re.sub(r"\s+", " ", text)
    for pair in ("（）", "()", "“”", "《》", "「」"):
        if text.count(pair[0]) != text.count(pair[1]):
            text = text.strip(pair)
    return text.strip(" ，,")


def _whole_kind(plain: str, draft: Joined, facts: Sequence[Fact]) -> str:
    """The kind of fact that a draft states and nothing else, "" for one that says more."""
    inside = [fact for fact in facts if draft.start <= fact.start and fact.end <= draft.end]
    kinds = {fact.kind for fact in inside}
    said = sum(fact.end - fact.start for fact in inside)
    return next(iter(kinds)) if len(kinds) == 1 and said >= 0.75 * (draft.end - draft.start) else draft.kind


def _statements(
    source: Source, drafts: Sequence[Joined], facts: Sequence[Fact], names: Sequence[Fact], language: str
) -> Iterator[Statement]:
    chinese = language == "zh"
    product = 0
    seen: set[str] = set()
    for draft in drafts:
        parts = [clean(source.shown[start:end], chinese=chinese) for start, end in draft.parts]
        parts = [part for part in parts if re.search(r"\w", part)]
        if not parts or (len(parts) == 1 and _GREETING.fullmatch(parts[0])):
            continue
        joint = draft.joint if chinese or draft.joint == " " else ", "
        text = spaced(parts) if draft.joint == " " else joint.join(parts)
        role, label = _role(source.plain, draft, facts, language)
        text = _without_label(text, label)
        if role == "product":
            text = product_text(source, text, facts) if chinese else _ENGLISH_LEAD.sub("", text)
        if role == "price" and chinese:
            text = _AFTER_NUMBER.sub("，", text)
        product = _product_of(draft, names, product)
        others = tuple(name.text for name in names[1:])
        if product and (role == "product" or (role == "point" and others and text.endswith(others))):
            role = "other_product"
        if (text, label) in seen or not text:
            continue
        seen.add((text, label))  # type: ignore[arg-type]
        of_both = role != "other_product" and _OF_BOTH.match(text)
        yield Statement(text, role, clean(label), draft.start, draft.end, 0 if of_both else product)


def _without_label(text: str, label: str) -> str:
    """The value of a label that its words begin with: 颜色灰、卡其."""
    if len(label) < _LABEL or not text.startswith(label):
        return text
    return text[len(label) :].lstrip("有是为分：: ") or text


def _role(plain: str, draft: Joined, facts: Sequence[Fact], language: str) -> tuple[str, str]:
    if draft.label:
        return draft.role or "attribute", draft.label
    if draft.role and draft.role != "attribute":
        return draft.role, ""
    if language == "zh" and _BARE_COLOURS.fullmatch(plain, draft.start, draft.end):
        return "attribute", "颜色"
    kind = _whole_kind(plain, draft, facts)
    if kind in _MONEY:
        return "price", ""
    if kind == "origin" and plain[draft.start : draft.end].endswith("出版社"):
        return "attribute", "出版社"
    if kind == "size" and language == "zh" and _BARE_LENGTH.fullmatch(plain, draft.start, draft.end):
        # 8mm may be as thick, as wide or as long.
        return "attribute", "规格"
    # "味道很淡" is a sentence and no value.
    is_sentence = kind == "flavour" and _TASTED.match(plain, draft.start)
    is_sentence = is_sentence or _CHINESE_VERB.search(plain, draft.start, draft.end)
    is_sentence = is_sentence or (language == "en" and _ENGLISH_VERB.search(plain, draft.start, draft.end))
    label = "" if is_sentence else USUAL_LABELS[language].get(kind, "")
    return ("attribute", label) if label else ("point", "")


def _product_of(draft: Joined, names: Sequence[Fact], product: int) -> int:
    """Return which of two products a statement speaks of: the last that was named alone."""
    if len(names) < 2:
        return 0
    inside = [number for number, name in enumerate(names[:2]) if draft.start <= name.start < draft.end]
    return inside[0] if inside else product


def statements_of_pairs(facts: Sequence[Fact]) -> tuple[Statement, ...]:
    """The statements of a brief in AdvertiseGen's form: each pair is one already."""
    return tuple(
        Statement(fact.value or fact.text, _role_of_pair(fact), fact.name,
                  fact.start, fact.end)
        for fact in facts
    )  # fmt: skip


def _role_of_pair(fact: Fact) -> str:
    if fact.kind == "name" and fact.name in _PRODUCT_PAIRS:
        return "product"
    return "attribute" if fact.name else "point"
