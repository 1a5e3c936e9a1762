"""Lines as Chinese is set: what may not be parted, where a line may begin and end, and the best place to break.

Rules: W3C "Requirements for Chinese Text Layout", 3.1.3; besides them a price, a number with its unit, a Latin word
with its number, a hashtag and a word of two characters stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import combinations

NOT_FIRST = frozenset("，。、；：？！）》」』】”’〕〉〗］｝…—–－,.;:?!)]}%％‰℃°～~·/／+")
NOT_LAST = frozenset("（《「『【“‘〔〈〖［｛([{#￥¥$€@")
_UNITS = (
    "毫升|千克|公斤|平方米|厘米|毫米|小时|分钟|mAh|ml|ML|mL|kg|Kg|KG|cm|mm|GB|TB|Hz|dB|"
    "元|块|折|份|点|件|只|个|包|袋|盒|瓶|罐|支|片|抽|卷|条|双|套|张|台|本|册|箱|斤|克|升|米|寸|度|天|年|月|日|号|秒|周|岁|人|期|节|次|位|层|档|倍|码|股|g|G|L|l|W|w|V|A|K|k|h|H|m|M|英寸|万"
)
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_WHOLE = re.compile(
    r"#[^\s#]+#?|"
    r"[一二两三四五六七八九十百千半几]+(?:小时|分钟|秒钟|天|年|个月|岁|步|招|种|款|件|只|盒|瓶|包|杯|次|倍|套|页|课|元|块)|"
    rf"第?{_NUMBER}(?:{_UNITS})?(?:[-~～至到—/×xX*]{_NUMBER}(?:{_UNITS})?)*(?:半价|以上|以内|包邮)?|"
    rf"[¥￥$€]\s?{_NUMBER}(?:{_UNITS})?(?:起)?|"
    r"满\d+(?:元)?[减送]\d+(?:元)?|买[一二三四五六七八九十\d]+[送赠免][一二三四五六七八九十\d]+|"
    r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9'’.&®™+\-]*(?: (?=\d)[\w.]+)?|"
    r"《[^》]{1,12}》|「[^」]{1,12}」|【[^】]{1,12}】|"
    r"—{2,}|…{1,}|\s+|."
    , re.DOTALL,
)  # fmt: skip
_PAUSE = frozenset("，。！？、；：,!?;:｜|")
# Left out where a line ends with it: the line's end says it already.
_DROPPED_AT_END = "，、；,;｜| 　"
_CLINGS_TO_PREVIOUS = frozenset("的地得了着过们吗呢吧啊呀们儿里上下中时后前起款式型版牌只个")
# No line begins with these: what they end is one phrase with them.
_PARTICLES = frozenset("的得地了着过们吗呢吧啊呀么之")
_CLINGS_TO_NEXT = frozenset("不很更最太再又也都就才只没第每各这那一两几把被让给和与及或在从向对为")
# Words that go with the noun after them: 儿童学习桌 is one name.
_QUALIFIERS = (
    "儿童", "少儿", "婴儿", "宝宝", "男士", "女士", "成人",
    "老人", "学生", "智能", "电动", "便携", "迷你", "家用", "车载",
)  # fmt: skip
_QUALIFIED, _BEFORE_QUALIFIED = 1.5, 0.3
# What parting a word costs.
_INSIDE = 3.0
_SKIPPED = frozenset(("Cs", "Co", "Cn", "Cf", "Cc", "Mn", "Me"))
_EMOJI = re.compile(
    "[\u2600-\u2604\u2607-\u26ff\u2702-\u2712\u2728-\u27bf\u2b1b-\u2b55\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)


def units(text: str) -> list[str]:
    """`text` in pieces no line break may enter; blanks are pieces of their own."""
    pieces: list[str] = []
    for piece in _WHOLE.findall(text):
        if pieces and (piece[0] in NOT_FIRST or pieces[-1][-1] in NOT_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def printable(text: str, drawable: Callable[[str], bool] = lambda character: True) -> str:
    """`text` without emoji, control characters and what no font can draw; blanks put in order."""
    cleaned = _EMOJI.sub(" ", unicodedata.normalize("NFC", text))
    kept = (
        character if character.isspace() or drawable(character) else " "
        for character in cleaned
        if character.isspace() or unicodedata.category(character) not in _SKIPPED
    )
    joined = re.sub(r"\s+", " ", "".join(kept)).strip()
    return re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])",
        "" if _EMOJI.search(text) is None else "\u2009",
        joined,
    ).replace("\u2009", " ")


def finished(line: str) -> str:
    """Return a line without the blank and the comma that its end makes needless."""
    return line.strip().rstrip(_DROPPED_AT_END).strip()


def breaks(text: str, lines: int) -> tuple[tuple[str, ...], ...]:
    """Ways to set `text` in exactly `lines` lines, the best first (at most six)."""
    return tuple(way for way, _ in ranked_breaks(text, lines))


@lru_cache(maxsize=2048)
def ranked_breaks(text: str, lines: int) -> tuple[tuple[tuple[str, ...], float], ...]:
    """Ways to set `text` in exactly `lines` lines with what each costs (0 at even pauses), the best first.

    A word is parted only where there is no other way.
    """
    pieces = units(text)
    if lines == 1:
        return (((finished(text),), 0.0),)
    if len(pieces) < lines:
        return ()
    places = _places(pieces)
    ranked = sorted((_cost(pieces, cuts, places), cuts) for cuts in combinations(places, lines - 1))
    whole = [each for each in ranked if max(places[cut] for cut in each[1]) < _INSIDE] or ranked
    ways = []
    for cost, cuts in whole[:6]:
        ends = zip((0, *cuts), (*cuts, len(pieces)), strict=True)
        way = tuple(finished("".join(pieces[start:end])) for start, end in ends)
        if all(way) and not _is_orphan(way[-1]):
            ways.append((way, cost))
    return tuple(ways)


def _is_orphan(line: str) -> bool:
    return sum(character.isalnum() for character in line) < 2


def _places(pieces: list[str]) -> dict[int, float]:
    """Index of a piece a line may begin with -> what breaking there costs (0 at a pause, 3 inside a word)."""
    inside = _inside_words("".join(pieces))
    at, costs = 0, {}
    for index, piece in enumerate(pieces):
        if index and not piece.isspace():
            before = pieces[index - 1][-1]
            if before in _PAUSE or before.isspace():
                costs[index] = 0.0
            else:
                bound = at in inside or (piece in _PARTICLES and at + 1 not in inside)
                costs[index] = _INSIDE if bound else _clinging(before, piece[0])
                if "".join(pieces[:index]).endswith(_QUALIFIERS):
                    costs[index] += _QUALIFIED
                elif "".join(pieces[index:]).startswith(_QUALIFIERS) and at not in inside:
                    costs[index] = _BEFORE_QUALIFIED
        at += len(piece)
    return costs


def _clinging(before: str, after: str) -> float:
    cost = 0.6
    if after in _CLINGS_TO_PREVIOUS:
        cost += 1.6
    elif before in _CLINGS_TO_NEXT:
        cost += 1.2
    elif before in _CLINGS_TO_PREVIOUS:
        cost -= 0.3
    return cost


def _cost(pieces: list[str], cuts: tuple[int, ...], places: dict[int, float]) -> float:
    lengths = [weight("".join(pieces[a:b])) for a, b in zip((0, *cuts), (*cuts, len(pieces)), strict=True)]
    uneven = (max(lengths) - min(lengths)) / max(max(lengths), 1)
    short_end = 1.5 if lengths[-1] < 0.35 * max(lengths) else 0.0
    return sum(places[cut] for cut in cuts) + 2.2 * uneven**1.5 + short_end


def weight(text: str) -> float:
    """Return the length of a text in full-width characters; a Latin letter or digit counts half."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WF" else 0.55 for character in text)


@cache
def _words() -> frozenset[str]:
    """Words of the trade, so that 聚酯纤维 is not parted into 聚酯|纤维 nor 连衣裙 into 连衣|裙."""
    from lib_adcopy.copywriting import vocabulary
    from lib_adcopy.copywriting.reading.lexicon import heads, terms

    known = {word for word in vocabulary.names_by_word() if 2 <= len(word) <= 6}
    known |= {word for word in (*terms(), *heads()) if len(word) <= 6}
    return frozenset(word for word in known if len(word) >= 2)


def _inside_words(text: str) -> set[int]:
    """Offsets that lie inside a word: jieba's words where it is installed, else the trade's longest matches."""
    cut = _jieba()
    inside: set[int] = set()
    if cut is not None:
        at = 0
        for word in cut(text):
            inside.update(range(at + 1, at + len(word)))
            at += len(word)
    known, at = _words(), 0
    while at < len(text):
        for size in range(6, 1, -1):
            if text[at : at + size] in known:
                inside.update(range(at + 1, at + size))
                at += size - 1
                break
        at += 1
    return inside


@cache
def _jieba() -> Callable[[str], list[str]] | None:
    try:
        import jieba
    except ImportError:
        return None
    jieba.setLogLevel(60)
    return jieba.lcut


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Running text as lines of at most `width` by `measure`; line breaks in it are kept, no line is left an orphan."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines += _paragraph(paragraph.strip(), width, measure)
    return lines


def _paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line = [], ""
    for piece in units(text):
        if not line or measure((line + piece).rstrip()) <= width:
            line = (line + piece).lstrip()
            continue
        lines.append(line.rstrip())
        line = piece.lstrip()
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > 1 and _is_orphan(lines[-1]):
        head = units(lines[-2])
        if len(head) > 1:
            lines[-2:] = ["".join(head[:-1]).rstrip(), head[-1] + lines[-1]]
    return lines
