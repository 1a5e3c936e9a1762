"""A plain text cut into whole clauses: at line ends, headings, sentence marks and commas, and at spaces and slashes
where a seller uses them in place of commas. Never within an amount, brackets, quotation marks or a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from lib_adcopy.copywriting.reading.amounts import Amount
from lib_adcopy.copywriting.reading.run_on import MOST_CLAUSES, SHORTEST, cuts_of
from lib_adcopy.copywriting.reading.segments import NUMBERING, label_kind, labels

_HAN = "\u4e00-\u9fff"
# What ends a sentence, what parts two clauses, and headings in brackets.
_HARD = re.compile(
    rf"[;；。！!？?\n\t|\\…【】]+|(?<=[A-Za-zÀ-ÿ{_HAN})）\d%\"”])\.(?=\s|$)|—+|--+|(?<=[{_HAN}])[~^_]+|(?<=\s)~(?=\s)|(?<=[{_HAN}])-(?=[{_HAN}])|"
    r"(?<=[a-z]):(?= (?:makes|includes|comes|fits|holds|made|with|for)\b)"
)
_SOFT = re.compile(rf"，|,(?!(?<=\d,)\d{{3}}(?!\d))|(?<=\s)[-–](?=\s)|(?<=\s)-(?=[{_HAN}])")
_SPACE = re.compile(r"[ \t]+")
_SLASH = re.compile(r"\s*/\s*")
_OPENING, _CLOSING = "(（《「『“[", ")）》」』”]"
_LONGEST_BRACKET = 60
# "万花筒（木质）（可换底片）（25元）": brackets in place of commas.
_LISTED_BRACKETS = re.compile(r"(?:[(（][^()（）\n]{1,40}[)）]\s*){3,}")
_HEADING_NAME = rf"[{_HAN}]{{1,8}}(?:[A-Za-z/&和与]{{0,3}}[{_HAN}]{{0,4}})?|[A-Z][A-Za-z]*(?: [A-Za-z]+){{0,2}}"
_HEADING = re.compile(rf"(?:(?:^|(?<=\n))[ \t]*)(?P<name>{_HEADING_NAME})\s*[:：]\s*(?=\S)")
_INLINE = re.compile(
    rf"(?:^|(?<=[\n;；。！!？?，,、\s】|/]))(?P<name>[{_HAN}]{{1,6}}|[A-Z][a-z]+)\s*[:：=](?!\d)\s*(?=\S)"
)
# "作者 陈望舒", "材质 陶瓷": a heading with a space for its colon.
_BARE = re.compile(
    r"(?:^|(?<=[\n,，;；/|\s]))(?P<name>作者|译者|出版社|材质|面料|颜色|尺寸|容量|净重|产地|品牌|型号|口味|风味|成分|配料|功率|尺码|地址|店址|电话|营业时间)"
    r"[ \t]+(?=[^\s/|,，;；:：]{1,20}(?:[\s/|,，;；]|$))"
)
_BRACKET = re.compile(r"[【\[](?P<name>[^【】\[\]\n]{1,10})[】\]]\s*[:：]?\s*")
# "这款耳机好在：" and "一次60分钟:" speak of what follows and name no kind of value.
_NO_NAME = re.compile("[是在有为好说看了吗呢吧的]$|^(?:我|你|这|那|他|她|它|大家|家人|姐妹|朋友)")


@dataclass(frozen=True)
class Cut:
    """Its place; `mark` is what stands before it: "line", "hard", "soft", "space" or "heading".

    `label` is the seller's heading for it, `owned` says that it is alone in its line with that heading.
    """

    start: int
    end: int
    mark: str
    label: str = ""
    owned: bool = False


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    label: str = ""
    owned: bool = False


def cut_clauses(plain: str, amounts: Sequence[Amount], *, chinese: bool = True) -> list[Cut]:
    """Cut a text; `chinese` says that a space may stand for a comma."""
    closed = _closed(plain, amounts)
    fields = list(_fields(plain, closed))
    cuts = _soft_cuts(plain, closed, fields, chinese=chinese)
    clauses = [clause for field in fields for clause in _clauses(plain, field, closed, cuts)]
    if not chinese or len(clauses) > MOST_CLAUSES:
        return clauses
    return [part for clause in clauses for part in _run_on(plain, clause, closed)]


def _run_on(plain: str, clause: Cut, closed: bytearray) -> Iterator[Cut]:
    """A long clause without marks as the clauses that it runs together."""
    text = plain[clause.start : clause.end]
    if clause.label or len(text) < SHORTEST or re.search(r"[\s，,、。]", text):
        yield clause
        return
    edges = [clause.start, *cuts_of(plain, clause.start, clause.end, closed), clause.end]
    for number, (start, end) in enumerate(pairwise(edges)):
        yield replace(clause, start=start, end=end, mark="soft" if number else clause.mark)


def _closed(plain: str, amounts: Sequence[Amount]) -> bytearray:
    """1 where a clause must not be cut: amounts, brackets and quotations."""
    closed = bytearray(len(plain))
    for amount in amounts:
        closed[amount.start : amount.end] = b"\x01" * (amount.end - amount.start)
    if _LISTED_BRACKETS.search(plain):
        return closed
    opened: list[int] = []
    for at, mark in enumerate(plain):
        if mark == "\n":
            opened.clear()
        elif mark in _OPENING:
            opened.append(at)
        elif mark in _CLOSING and opened:
            start = opened.pop()
            is_heading = mark == "]" and bool(label_kind(plain[start + 1 : at]))
            if not is_heading and at - start <= _LONGEST_BRACKET:
                closed[start : at + 1] = b"\x01" * (at + 1 - start)
    return closed


def _fields(plain: str, closed: bytearray) -> Iterator[_Span]:
    """The text between headings and line ends."""
    marks = _headings(plain, closed)
    at, label, owned = 0, "", False
    for start, end, name, is_line in [*marks, (len(plain), len(plain), "", False)]:
        yield from _lines(plain, at, start, label, owned)
        at, label, owned = end, name, is_line


def _lines(plain: str, start: int, end: int, label: str, owned: bool) -> Iterator[_Span]:
    """The lines of a stretch; a heading holds for its own line, or for the list below it where its line is empty."""
    at = start
    waiting = label
    for line in plain[start:end].split("\n"):
        stop = at + len(line)
        numbering = NUMBERING.match(line)
        first = at + (numbering.end() if numbering and numbering.end() < len(line) else 0)
        text = plain[first:stop].strip()
        if text:
            alone = bool(label_kind(text)) and not label and stop < len(plain) and plain[stop] == "\n"
            if alone:
                waiting, owned = text, True
            else:
                yield _Span(first, stop, waiting, owned and bool(waiting))
                # Lines of a list stay under their heading while they are numbered.
                waiting = waiting if numbering and waiting else ""
        at = stop + 1


def _headings(plain: str, closed: bytearray) -> list[tuple[int, int, str, bool]]:
    """Start, end, name and whether it owns its line, for each heading."""
    found: dict[int, tuple[int, int, str, bool]] = {}
    brackets = [each for each in _BRACKET.finditer(plain) if each.end() < len(plain)]
    leading = [each for each in brackets if not plain[: each.start()].rpartition("\n")[2].strip(" -*·•;0123456789.、")]
    for each in brackets:
        named = label_kind(each["name"]) or (len(leading) > 1 and each in leading and "\n" in plain)
        if named and plain[each.end() : each.end() + 1] not in "【[":
            found[each.start()] = (each.start(), each.end(), each["name"].strip(), each in leading and "\n" in plain)
    many_lines = plain.count("\n") > 0
    headed = (
        _HEADING.finditer(_unnumbered(plain)),
        _INLINE.finditer(plain),
        _known().finditer(plain),
        _BARE.finditer(plain),
    )
    for each in chain.from_iterable(headed):
        name = each["name"].strip()
        start = each.start("name")
        if start in found or any(closed[start : each.end() - 1]) or _NO_NAME.search(name):
            continue
        is_line = many_lines and not plain[:start].rpartition("\n")[2].strip(" -*·•;0123456789.、")
        found[start] = (start, each.end(), name, is_line)
    kept: list[tuple[int, int, str, bool]] = []
    for mark in sorted(found.values()):
        if not kept or mark[0] >= kept[-1][1]:
            kept.append(mark)
    return kept


def _unnumbered(plain: str) -> str:
    return NUMBERING.sub(lambda match: " " * len(match.group()), plain)


_KNOWN: list[re.Pattern[str]] = []


def _known() -> re.Pattern[str]:
    if not _KNOWN:
        names = "|".join(map(re.escape, sorted(labels(), key=len, reverse=True)))
        _KNOWN.append(re.compile(rf"(?<![{_HAN}A-Za-z])(?P<name>{names})\s*[:：=]\s*(?=\S)", re.IGNORECASE))
    return _KNOWN[0]


def _soft_cuts(plain: str, closed: bytearray, fields: Sequence[_Span], *, chinese: bool) -> list[tuple[int, int, str]]:
    """Return where commas, spaces and slashes part clauses: start, end and mark, in the text's order."""
    cuts = [(each.start(), each.end(), "hard") for each in _HARD.finditer(plain)]
    commas = [(each.start(), each.end(), "soft") for each in _SOFT.finditer(plain)]
    if _LISTED_BRACKETS.search(plain):
        commas += [(each.start(), each.end(), "soft") for each in re.finditer("[()（）]+", plain)]
    cuts += commas
    if chinese:
        free = [(each.start, each.end) for each in fields if not each.owned]
        spaces = [
            each.span() for each in _SPACE.finditer(plain)
            if any(start < each.start() and each.end() < end for start, end in free) and not closed[each.start()]
        ]  # fmt: skip
        cuts += [(*span, "space") for span in _parting(plain, closed, spaces, len(commas))]
        slashes = [each.span() for each in _SLASH.finditer(plain) if not any(closed[each.start() : each.end()])]
        spaced = [span for span in slashes if span[1] - span[0] > 2]
        others = len(commas) + sum(_is_between_han(plain, span) for span in spaces)
        if len(spaced) >= 3 or (len(slashes) >= 3 and others <= len(slashes) // 3):
            chosen = spaced if len(spaced) >= 3 else slashes
            cuts += [(*span, "space") for span in chosen if any(a < span[0] and span[1] < b for a, b in free)]
    kept: list[tuple[int, int, str]] = []
    for start, end, mark in sorted(cuts):
        if any(closed[start:end]) or (kept and start < kept[-1][1]):
            continue
        kept.append((start, end, mark))
    return kept


def _parting(
    plain: str, closed: bytearray, spaces: Sequence[tuple[int, int]], commas: int
) -> Iterator[tuple[int, int]]:
    """The spaces that stand for commas: between Chinese words always, beside Latin letters and numbers only in a text
    that has more spaces than commas."""
    between = [span for span in spaces if _is_between_han(plain, span)]
    mixed = [span for span in spaces if span not in between and _touches_han(plain, span)]
    by_spaces = len(between) + len(mixed) > commas and (bool(between) or commas == 0)
    stretches = _stretches(plain, [*between, *mixed], between)
    for span in spaces:
        before, after = plain[: span[0]], plain[span[1] :]
        counted = _NUMBER_ENDS.search(before[-1:]) and _NUMBER_STARTS.match(after)
        ended = bool(span[0] and closed[span[0] - 1]) and re.match("[a-z]", after)
        counted = counted or (_BARE_NUMBER.search(before[-9:]) and re.match("[a-z]", after))
        apart = by_spaces or any(start <= span[0] < end for start, end in stretches)
        if span in between or (apart and (span in mixed or counted or ended) and not _goes_on(before, after)):
            yield span


def _stretches(
    plain: str, spaces: Sequence[tuple[int, int]], between: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return where spaces stand for commas in a text that has commas elsewhere: several of them between two marks."""
    found: list[tuple[int, int]] = []
    at = 0
    for mark in [*re.finditer(r"[，,。；;！!？?\n]", plain), None]:
        end = mark.start() if mark else len(plain)
        inside = [span for span in spaces if at <= span[0] < end]
        before_words = all(_STARTS_HAN.match(plain[span[1] : span[1] + 1]) for span in inside)
        if len(inside) >= _SEVERAL_SPACES and (before_words or any(span in between for span in inside)):
            found.append((at, end))
        at = mark.end() if mark else end
    return found


_SEVERAL_SPACES = 3
_ENDS_HAN, _STARTS_HAN = re.compile(rf"[{_HAN})）》”\"，,!！]$"), re.compile(rf"[{_HAN}《“\"(（]")
_LATIN_NAME = re.compile(r"(?:^|[\s，,;；。\n])[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ\d'’&.-]*$")
_NUMBER_ENDS, _NUMBER_STARTS = re.compile(r"[\d元)）%a-zA-Z+℃°]"), re.compile(r"[\d¥$(]|IP[X\d]")
_BARE_NUMBER = re.compile(rf"[{_HAN})）]\s\d{{2,5}}(?:\.\d+)?$")
# A dimension waits for its amount: "容量 350ml".
_LATIN_PHRASE = re.compile(r"(?:[a-z][a-z-]*\s+)+[a-z][a-z-]*$")
_DIMENSION = re.compile(
    "(?:净?重量?|容量|尺寸|(?<!加)[高长宽厚]度?|直径|功率|续航|噪音|吸力|电池|时速|承重|尺码|价格?|售价|原价|现价|约|共|收纳|展开|规格|产地|轿车|SUV|小计)$"
)


def _is_between_han(plain: str, span: tuple[int, int]) -> bool:
    return bool(_ENDS_HAN.search(plain[: span[0]][-1:]) and _STARTS_HAN.match(plain[span[1] : span[1] + 1]))


def _touches_han(plain: str, span: tuple[int, int]) -> bool:
    return bool(_ENDS_HAN.search(plain[: span[0]][-1:]) or _STARTS_HAN.match(plain[span[1] : span[1] + 1]))


def _goes_on(before: str, after: str) -> bool:
    """Return whether a phrase goes on behind a space: "Dyson V12 吸尘器", "吸力 8000Pa", "约 3 天"."""
    latin = _LATIN_NAME.search(before[-24:])
    if latin and not re.search(r"\d\s*$", before):
        # Two English words or more are a phrase of their own: "fragrance free 质地清爽".
        return not _LATIN_PHRASE.search(before[-40:]) or bool(re.match("[A-Za-z]", after))
    is_money = re.match(r"\d+(?:\.\d+)?[元块]", after) and not before.endswith(("价", "价格"))
    measured = not is_money and _DIMENSION.search(before[-5:]) and re.match(r"[\d¥$约]", after)
    return bool(measured) or before[-1:] in "约共仅只每为达近超"


def _clauses(plain: str, field: _Span, closed: bytearray, cuts: Sequence[tuple[int, int, str]]) -> Iterator[Cut]:
    at = field.start
    mark = "heading" if field.label else "line"
    for start, end, kind in [*cuts, (field.end, field.end, "")]:
        if end <= field.start or start > field.end or (start >= field.end and kind):
            continue
        first, last = _trimmed(plain, at, min(start, field.end))
        if first < last:
            yield Cut(first, last, mark, field.label, field.owned)
            mark = kind
        elif kind == "hard":
            mark = kind
        at = max(at, end)


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    while (
        start < end
        and (plain[start].isspace() or plain[start] in "、:：,，.·*-~/+&")
        and not (plain[start] in "-~" and plain[start + 1 : start + 2].isdigit())
    ):
        start += 1
    while end > start and (plain[end - 1].isspace() or plain[end - 1] in "、:：,，/·~*&"):
        end -= 1
    return start, end
