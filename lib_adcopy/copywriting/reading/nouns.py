"""The product noun: which word of a text names what is for sale. Copy and prompt both go by it.

Chinese puts the noun last in its phrase and what describes it before; the product stands early in a brief, and what
is sent along, fits it or is worn with it is another thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.reading.clauses import is_aside, unsaid, worn_with
from lib_adcopy.copywriting.reading.lexicon import Lexicon, Segment, Term

# What follows these words in a phrase is not what is for sale: 送收纳袋, 可冲马桶, 适合微波炉.
_ASIDE = re.compile(
    "(?:[送赠附带含配放搭进变伤冲入防替像似擦连接插给当用于跟陪免去除泡换加有抵像到在做代]|不要|(?<!公)开|[按像][^，。]{0,8}|(?<![拼组新童包精平简散罐瓶盒袋])装|可以|搭配|适合|适用|适配|兼容|专用)的?$"
)
_SUITS = re.compile("适合|适配|适用|用于|代替|可放|兼容|可以|搭配|赠送")
# A word that makes the noun before it a taste, a colour, a drawing or a shape.
_NOT_THE_THING = re.compile(
    "^(?:味(?!精|噌|增)|口味|风味|香味|香(?!水|薰|皂|囊|肠|炉|膏|氛|菇)|色|馅|夹心|图案|印花|造型|形(?!象)|纹|元素|元素|质感|控|党|[一两三四五半]+[年个月天]|况|评|友|迷|邮|补|换|赔|退|活|教|友好|专用|适用|可用|通用|里|上|中|内|旁|(?:那么|这么|一样|一般)?[大小](?=$|[，,。；;！!]|的)|大小)"
)
# How much of it there is, not another thing: 身体乳大瓶.
_BIG_BOTTLE = re.compile("[大小中整套量简精双单][瓶盒袋罐箱桶包杯碗]")
_JOINING = "的地得了着过和与及或并且也又很更太超特还就都等多是这那款个只条件套组片"
_DETERMINERS = re.compile(
    r"^(?:(?:这|那|本|此|我们?家?|咱们?家?|自家|家里|新到|新上|到了?|上新|推荐|一)?(?:款|个|只|条|件|套|把|双|瓶|盒|箱|的)?)*$"
)
_FUNCTION_WORDS = re.compile("换成|换了|你给|[几数][盆个条只]|自养|[的了是和与及在我家这那个款有用可以也都很做卖]里?")
_COUNTING = re.compile("[\\d一二两三四五六七八九十每单双几]$|(?:每|一)[个只条]$")
# Words that end like a thing and are none.
_NO_THING = re.compile("(?:上架|神器|清单|福袋|首单|福音|必备|推荐|好物|清仓|直供|现货|新品|上新|价目|价表|课件)$")
_COUNTED = re.compile("^[一二两三几][个只条件套身双把张台盒瓶本副对款]")
# Too general for a product that is named more exactly further on.
_GENERAL = frozenset((
    "裙子", "裙", "裤子", "裤", "上衣", "衣服", "鞋", "鞋子", "包", "包包", "帽子", "袜子", "杯子", "水杯", "碗",
    "盘子", "盘", "灯", "椅子", "桌子", "柜子", "锅", "刀", "女装", "男装", "童装", "首饰", "饰品", "玩具", "零食",
    "水果", "蔬菜", "坚果", "茶", "茶叶", "酒", "糕点", "点心", "护肤品", "化妆品", "彩妆", "文具", "书", "图书",
    "家具", "餐具", "厨具", "茶具", "绿植", "盆栽", "鲜花", "手机", "耳机", "音箱", "课程", "服务", "家政", "培训",
    "甜品", "饮料", "调料", "特产", "海鲜", "玩偶", "模型", "手办", "发饰", "收纳", "家纺", "床品", "礼盒", "礼物",
    "用品",
))  # fmt: skip
_LONGEST_NAME = 8
# What a clause of such a role names is seldom what is for sale.
_BESIDE = {
    "offer": 25.0, "place": 25.0, "contents": 22.0, "caveat": 20.0, "use": 20.0, "audience": 15.0, "service": 15.0,
    "instruction": 6.0, "voice": 6.0,
}  # fmt: skip
# Behind these words a seller names what he sells, in whatever clause.
_SELLING = re.compile(
    "(?:(?:我|咱|俺)们?(?:家|爸|妈|爷爷|奶奶|外婆|姥姥|婆婆|公公)?(?:自己|自家)?[种养酿晒腌榨]|换成|换了|入手|批了|(?<![购就别要不])买了?(?!.*送)|装[了上]|(?<!热)卖(?!点)|推荐?|上新|上架|(?<![还都就也只不要可而但正算])是|[做写]|(?<![泡切打展揭掰撕煮用必])开|(?<![推演输支付发])出(?!片|门|风|口)|用上了?|挑了?|只上|给(?:这|我们)?)"
    "(?:了)?(?:[一这那]?[个款台条只件双套份种篇把支]|几[盆个款]|一点|点)?(?:[^，。]{0,6}的)?$"
)
# The shop's own sign names its trade.
_OWN = re.compile("(?:推荐)?(?:我们?家?店?|咱们?家?|自家|本店|小店)(?:里|做|产|种|卖|养)?的")
_MADE_FROM = re.compile("材料|原料|用的是?|采用|选用|用了|成分")
_AMOUNT_BEFORE = re.compile("(?:[一二两三四五六七八九十半几]|\\d)(?:斤|碗|盘|锅|顿|公斤|人份)$")
# Roles of the clauses in which a seller says what he sells.
# What is done for the buyer, behind the thing it is done with, and what shows that somebody comes to do it.
_DONE_WITH = re.compile(
    "(?:深度|拆机)?(?P<work>拆洗|清洗|洗|维修|修|调律|调音|维护|装裱|安装|回收|保养|翻新|移机)(?!衣|碗|手|面|发|脸|地|澡|车|涤|护|拖)"
)
_AT_WORK = re.compile("师傅|技师|上门|预约|服务范围|当天约|自带工具|自带鞋套|[一每]台|平方起|阿姨|工时|返工")
_ENOUGH_SIGNS = 2
_OWN_WORDS = ("", "product", "voice", "instruction", "attribute")
_POINTING = re.compile("(?:这|此|本)(?:款|个|只|条|件|台|把|双|套|种)?[\u4e00-\u9fff]{0,4}")
_ONE_OF_TWO = re.compile(r"(?:一个|另一个|第[一二]个|一款|另一款|一样)是.{0,4}$")
_SHOP = re.compile("^(?:门店|店名|店铺|商家|机构|工作室|品牌店|shop|studio|salon)", re.IGNORECASE)
# Headings over what a product is made of or comes with, whatever stands before: 任选三样配料.
_OF_PARTS = re.compile("(?:配料|原料|用料|成分|油品|材料|食材|配件|赠品|加料|小料|口味|颜色|尺寸)$")
# What may follow the product in its own clause: 酱菜三样.
_KINDS_OF_IT = re.compile("(?:[二两三四五六七八九十]|\\d)[样种味拼]")
_SHORT = 12
_HAN_ONE = "[\u4e00-\u9fff]"
# Names of two things where the first is what the second is made of, tastes or smells of.
_MADE_OF = ("food", "plants")


@dataclass(frozen=True)
class Run:
    """A stretch of a phrase without amounts and brands: its words, the phrase's number, segment and label, and the role
    and heading of the clause it stands in."""

    start: int
    end: int
    pieces: tuple[Segment, ...]
    phrase: int
    segment: int
    label: str = ""
    role: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Noun:
    """A product's name at start..end. `term` says what it is: the dictionary's word, or a head's for one it lacks."""

    start: int
    end: int
    term: Term
    run: Run
    at: int
    score: float = 0.0

    @property
    def category(self) -> str:
        return self.term.category


def find_nouns(plain: str, runs: Sequence[Run], lexicon: Lexicon) -> list[Noun]:
    """The things a text names, what is for sale first."""
    found = [noun for run in runs for noun in _candidates(plain, run, lexicon)]
    found.sort(key=lambda noun: noun.score)
    if not found or found[0].score >= 30:
        found = [*_last_resort(runs, lexicon), *found]
    if not found:
        return []
    return _better_first(plain, found)


def as_service(plain: str, noun: Noun, lexicon: Lexicon) -> Noun:
    """The noun as what is done with it, where a text offers work and no thing: 空调 in "家里空调洗了吗 师傅上门"."""
    done = _DONE_WITH.match(plain, noun.end)
    if noun.term.kind == "service" or done is None or len(set(_AT_WORK.findall(plain))) < _ENOUGH_SIGNS:
        return noun
    work = "清洗" if "洗" in done["work"] else done["work"]
    word = f"{plain[noun.start : noun.end]}{work}"
    term = lexicon.term(word) or lexicon.term(f"{noun.term.zh}{work}") or lexicon.head(work, whole=True)
    staged = term.en if term else "clean bright modern room"
    return replace(noun, term=Term(word, staged, "service", "", "services"))


def name_span(plain: str, noun: Noun, *, with_owner: bool) -> tuple[int, int]:
    """The noun with the words that make a compound of it: 燕麦 before 饼干, 小棕瓶 before 精华.

    With `with_owner`, whom it is made for belongs to its name: 狗狗雨衣.
    """
    start, pieces = noun.start, noun.run.pieces
    own = pieces[noun.at]
    if own.term is None and own.start < start:
        kept = _own_words(plain[own.start : start])
        start -= len(kept)
        if start > own.start:
            return start, noun.end
    for piece in reversed(pieces[: noun.at]):
        if piece.end != start:
            break
        if piece.term is None:
            kept = _own_words(piece.text)
            start -= len(kept)
            if len(kept) < len(piece.text):
                break
        elif _compounds(piece.term, plain[max(0, piece.start - 2) : piece.start], with_owner=with_owner):
            start = piece.start
        else:
            break
    if noun.end - start == 1 and start > noun.run.start and re.match(_HAN_ONE, plain[start - 1]):
        # One character says too little: 藤篮.
        start -= 1
    end = noun.end
    if noun.at + 1 < len(pieces) and plain[end : end + 2] in ("套装", "礼盒", "套盒", "组合", "套组"):
        end += 2
    return start, end


def _compounds(term: Term, before: str, *, with_owner: bool) -> bool:
    """Whether a known word belongs to the noun behind it: another product's name, or what states no fact by itself."""
    if term.is_product:
        return not _ASIDE.search(before)
    if term.fact == "audience":
        return with_owner
    return (not term.fact and term.kind != "unseen") or (len(term.zh) == 1 and term.fact == "feature")


def _own_words(text: str) -> str:
    """The end of an unknown stretch that can belong to the noun behind it."""
    found = list(_FUNCTION_WORDS.finditer(text))
    kept = text[found[-1].end() :] if found else text
    kept = _COUNTED.sub("", kept)
    # 出 alone is how a second-hand thing is offered: 出宝宝推车.
    kept = "" if kept in ("出", "转") else kept
    return kept if len(kept) <= 6 and not re.search(r"[^\w'’-]|\d", kept) else ""


def _candidates(plain: str, run: Run, lexicon: Lexicon) -> Iterator[Noun]:
    is_shop = bool(_SHOP.match(run.heading))
    if (run.label not in ("", "name", "type") and not is_shop) or _OF_PARTS.search(run.heading):
        return
    in_role = 12.0 if is_shop else _BESIDE.get(run.role, 0.0)
    text = plain[run.start : run.end]
    beside = 12.0 if is_aside(text) else 0.0
    other = worn_with(text)
    for at in range(len(run.pieces) - 1, -1, -1):
        piece = run.pieces[at]
        last = all(_can_follow(following) for following in run.pieces[at + 1 :])
        term, start = piece.term, piece.start
        if term is None:
            term = _head(run, at, lexicon) if last and not _can_follow(piece) else None
            if term is None or _is_counter(plain, piece.end - len(term.zh), term):
                continue
            start = piece.end - len(term.zh)
            opening = run.segment == 0 and run.phrase <= 1 and run.end - run.start <= _SHORT
            own = -3.0 if _OWN.match(text) else 0.0
            base = (3.0 if opening and not _NO_THING.search(text) else 8.0) + own
        elif (
            not term.is_product
            or _NOT_THE_THING.match(plain[piece.end : run.end])
            or _is_counter(plain, piece.start, term)
        ):
            continue
        elif _MADE_FROM.search(plain[run.start : piece.start]):
            base = 20.0
        elif _AMOUNT_BEFORE.search(plain[max(0, piece.start - 4) : piece.start]):
            # 两斤菜 in "够拌两斤菜" measures.
            base = 9.0
        elif last:
            base = -2.0 if _OWN.match(text) and not run.role else 0.0
        else:
            base = 2.5 if _is_subject(run.pieces[:at]) else 6.0
        named = {"name": -100.0, "type": -50.0}.get(run.label, 0.0)
        led = plain[max(0, start - 14) : start]
        is_sold = bool(_SELLING.search(led) or _ONE_OF_TWO.search(led)) and not _MADE_FROM.search(led)
        if (is_sold and run.role in _OWN_WORDS) or _is_this(plain, run, start):
            yield Noun(start, piece.end, term, run, at, base - 6 + 0.5 * min(run.segment, 25) + named)
            return
        if _is_aside(plain[run.start : start]) or (0 <= other <= start - run.start):
            base += 30
        elif unsaid(text):
            base += 20
        # A service is what a clause about service may well sell: 上门保洁.
        beside_role = 0.0 if term.kind == "service" and run.role == "service" else in_role
        placed = beside_role + min(run.segment, 25) + 0.2 * run.phrase + named
        yield Noun(start, piece.end, term, run, at, base + beside + placed)
        if base < 20:
            return


def _last_resort(runs: Sequence[Run], lexicon: Lexicon) -> Iterator[Noun]:
    """A phrase near the beginning that ends like a thing, where no word names one: 护肤套盒."""
    for run in runs[:3]:
        text = run.pieces[-1].text
        term = lexicon.head("".join(piece.text for piece in run.pieces).strip(_JOINING))
        if term and not run.label and text.endswith(term.zh) and run.end - run.start <= _LONGEST_NAME:
            yield Noun(run.end - len(term.zh), run.end, term, run, len(run.pieces) - 1, 20.0)
            return


def _head(run: Run, at: int, lexicon: Lexicon) -> Term | None:
    """What the last characters of a word nobody knows say it is; 架 alone does behind a product (纸巾架)."""
    before = run.pieces[at - 1].term if at else None
    kinds = ("material", "shape", "unseen", "detail")
    behind = before is not None and (before.is_product or before.kind in kinds)
    return lexicon.head(run.pieces[at].text.strip(_JOINING), whole=behind)


def _is_counter(plain: str, start: int, term: Term) -> bool:
    """Whether one character only counts: 两面, 28一面."""
    return len(term.zh) == 1 and bool(_COUNTING.search(plain[max(0, start - 2) : start]))


def _is_this(plain: str, run: Run, start: int) -> bool:
    """Whether a clause points at the thing: 这黑木耳是..., 这款台灯用了..."""
    return bool(
        re.fullmatch("(?:这|此|本)(?:款|个|只|条|件|台|把|双|套|种)?[\u4e00-\u9fff]{0,4}", plain[run.start : start])
    )


def _is_aside(before: str) -> bool:
    return bool(_ASIDE.search(before) or _SUITS.search(before))


def _is_subject(before: Sequence[Segment]) -> bool:
    """Whether nothing but describing words stands before."""
    return all(piece.term is not None or _DETERMINERS.match(piece.text) or "的" in piece.text[-1:] for piece in before)


def _can_follow(piece: Segment) -> bool:
    if piece.term is None:
        rest = piece.text.strip(_JOINING)
        adds = _KINDS_OF_IT.fullmatch(rest) or _BIG_BOTTLE.fullmatch(rest)
        return not rest or rest.isascii() or adds is not None
    return not piece.term.is_product


def _better_first(plain: str, found: list[Noun]) -> list[Noun]:
    """What is named more exactly further on, or only flavoured by the first, is the product."""
    first = found[0]
    for other in found[1:]:
        if other.score - first.score >= 20:
            break
        exact = plain[first.start : first.end] in _GENERAL and other.term.category == first.term.category
        longer = other.term.zh != first.term.zh and plain[other.start : other.end] not in _GENERAL
        flavoured = (
            first.category in _MADE_OF
            and other.category not in (*_MADE_OF, "pets", "appliances")
            and other.run.segment == first.run.segment
            and other.run.phrase == first.run.phrase + 1
        )
        if (exact and longer) or flavoured:
            return [other, *(noun for noun in found if noun is not other)]
    return found
