"""The product noun: which word of a text names what is for sale. Copy and prompt both go by it.

Chinese puts the noun last in its phrase and what describes it before; the product stands early in a brief, and what
is sent along, fits it or is worn with it is another thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.reading.clauses import is_aside, unsaid, worn_with
from lib_adcopy.copywriting.reading.lexicon import Lexicon, Segment, Term
from lib_adcopy.copywriting.reading.product_noun import Noun, Run, compound_start
from lib_adcopy.copywriting.reading.selling import (
    is_made_from,
    is_no_thing,
    is_offered,
    is_ours,
    is_own,
    is_substance,
    is_verb,
    leads_aside,
    points_at,
    speaks_of_another,
    told_task,
)

# How much of it there is, not another thing: 身体乳大瓶.
_BIG_BOTTLE = re.compile("[大小中整套量简精双单][瓶盒袋罐箱桶包杯碗]")
_JOINING = "的地得了着过和与及或并且也又很更太超特还就都等多是这那款个只条件套组片"
_DETERMINERS = re.compile(
    r"^(?:(?:这|那|本|此|我们?家?|咱们?家?|自家|家里|新到|新上|到了?|上新|推荐|一)?(?:款|个|只|条|件|套|把|双|瓶|盒|箱|的)?)*$"
)
_COUNTING = re.compile("[\\d一二两三四五六七八九十每单双几]$|(?:每|一)[个只条]$")
# Words that end like a thing and are none.
_NO_THING = re.compile("(?:上架|神器|清单|福袋|首单|福音|必备|推荐|好物|清仓|直供|现货|新品|上新|价目|价表|课件)$")
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
_AMOUNT_BEFORE = re.compile("(?:[一二两三四五六七八九十半几]|\\d)(?:斤|碗|盘|锅|顿|公斤|人份)$")
# Roles of the clauses in which a seller says what he sells.
# What is done for the buyer, behind the thing it is done with, and what shows that somebody comes to do it.
_DONE_WITH = re.compile(
    "(?:深度|拆机)?(?P<work>拆洗|清洗|洗|维修|修|调律|调音|维护|装裱|安装|回收|保养|翻新|移机|植保|航拍|喷涂|打印|托运)(?!衣|碗|手|面|发|脸|地|澡|车|涤|护|拖)"
)
_DONE_TO = re.compile(
    "(?:(?:专业?|上门|专门|承接)(?P<work>维修|修|清洗|洗|回收|保养|安装)(?:各[种类])?|"
    "(?P<life>修)了(?:一辈子|[一二三四五六七八九十\\d]+[多几来]?年))$"
)
_AT_WORK = re.compile(
    "报价|修不好|不收钱|换\\S{1,3}\\d+起|师傅|技师|上门|预约|服务范围|当天约|自带工具|自带鞋套|[一每]台|平方起|阿姨|工时|返工|飞手|持证|改天补|亩起"
)
_ENOUGH_SIGNS = 2
_OWN_WORDS = ("", "product", "voice", "instruction", "attribute")
_SHOP = re.compile("^(?:门店|店名|店铺|商家|机构|工作室|品牌店|shop|studio|salon)", re.IGNORECASE)
# Headings over what a product is made of or comes with, whatever stands before: 任选三样配料.
_OF_PARTS = re.compile(
    "(?:配料|原料|用料|成分|油品|材料|食材|配件|赠品|加料|小料|口味|颜色|尺寸|香[型味调]|气味|味道)$"
)
# What may follow the product in its own clause: 酱菜三样.
_KINDS_OF_IT = re.compile("(?:[二两三四五六七八九十]|\\d)[样种味拼]")
_FOR_SALE = re.compile("[一两]?[对只副双套个把条台件]|定制|[水土]培|出|转|出售|转让|出清|转手")
_SHORT = 12
_BAD = 20.0
# A shop by what it sells: 我家牛肉面馆.
_OUR_SHOP = re.compile("(?:我|咱|俺)家[\u4e00-\u9fff]{2,6}[馆店铺坊]")
_SETS = ("套装", "礼盒", "套盒", "组合", "套组")
# Nothing that only comes along or is not included is taken for the product.
_HARDLY = 45.0
# Names of two things where the first is what the second is made of, tastes or smells of.
_MADE_OF = ("food", "plants")


def find_nouns(plain: str, runs: Sequence[Run], lexicon: Lexicon) -> list[Noun]:
    """The things a text names, what is for sale first."""
    found = [noun for run in runs for noun in _candidates(plain, run, lexicon)]
    found.sort(key=lambda noun: noun.score)
    if not found or found[0].score >= 30:
        found = [*_last_resort(runs, lexicon), *(noun for noun in found if noun.score < _HARDLY)]
    if not found:
        return []
    return _better_first(plain, found)


def as_service(plain: str, noun: Noun, lexicon: Lexicon) -> Noun:
    """The noun as what is done with it, where a text offers work and no thing: 空调 in "家里空调洗了吗 师傅上门"."""
    done = _DONE_WITH.match(plain, noun.end) or _DONE_TO.search(plain[noun.run.start : noun.start])
    if noun.term.kind == "service" or done is None or len(set(_AT_WORK.findall(plain))) < _ENOUGH_SIGNS:
        return noun
    work = done["work"] or "修"
    work = "清洗" if "洗" in work else work
    work = "维修" if work == "修" else work
    word = f"{plain[noun.start : noun.end]}{work}"
    term = lexicon.term(word) or lexicon.term(f"{noun.term.zh}{work}") or lexicon.head(work, whole=True)
    staged = term.en if term else "clean bright modern room"
    return replace(noun, term=Term(word, staged, "service", "", "services"))


def _candidates(plain: str, run: Run, lexicon: Lexicon) -> Iterator[Noun]:
    """The things that a run names, its last first, as far as the first that may be the product; less is better."""
    is_shop = bool(_SHOP.match(run.heading))
    if (run.label not in ("", "name", "type") and not is_shop) or _OF_PARTS.search(run.heading):
        return
    text = plain[run.start : run.end]
    named = {"name": -100.0, "type": -50.0}.get(run.label, 0.0)
    in_role = 12.0 if is_shop else _BESIDE.get(run.role, 0.0)
    beside = 12.0 if is_aside(text) or speaks_of_another(text) else 0.0
    task = told_task(text)
    for at in range(len(run.pieces) - 1, -1, -1):
        rated = _rated(plain, run, at, lexicon)
        if rated is None:
            continue
        term, start, base = rated
        end = run.pieces[at].end
        is_asked = task is not None and task[0] <= start - run.start < task[1]
        if base < _BAD and (is_asked or _is_offered(plain, run, at, start)):
            yield Noun(start, end, term, run, at, base - (16 if is_asked else 6) + 0.5 * min(run.segment, 25) + named)
            return
        other = worn_with(text)
        if leads_aside(plain[run.start : start]) or (0 <= other <= start - run.start):
            base += 30
        elif unsaid(text):
            base += 20
        # A service is what a clause about service may well sell: 上门保洁.
        opens = run.segment == 0 and run.phrase == 0
        beside_role = 0.0 if run.role == "service" and (term.kind == "service" or opens) else in_role
        placed = beside_role + min(run.segment, 25) + 0.2 * run.phrase + named
        yield Noun(start, end, term, run, at, base + beside + placed)
        if base < _BAD:
            return


def _rated(plain: str, run: Run, at: int, lexicon: Lexicon) -> tuple[Term, int, float] | None:
    """The thing that a piece of a run names, where it starts, and how unlikely it is for sale; None for no thing."""
    piece = run.pieces[at]
    text = plain[run.start : run.end]
    last = all(_can_follow(following) for following in run.pieces[at + 1 :])
    if piece.term is None:
        term = _head(run, at, lexicon) if last and not _can_follow(piece) else None
        if term is None or _is_counter(plain, piece.end - len(term.zh), term):
            return None
        opening = run.segment == 0 and run.phrase <= 1 and run.end - run.start <= _SHORT
        base = 3.0 if opening and not _NO_THING.search(text) else 8.0
        return term, piece.end - len(term.zh), base - (3.0 if is_own(text) else 0.0)
    term = piece.term
    is_part = term.kind == "part" and is_ours(plain[run.start : compound_start(run, at, piece.start)])
    if not (term.is_product or is_part) or _is_counter(plain, piece.start, term):
        return None
    before, behind = plain[run.start : piece.start], plain[piece.end : run.end]
    if is_no_thing(behind):
        return None
    if is_made_from(before) or is_substance(plain, piece.start, piece.end, run.start):
        return term, piece.start, 20.0
    if _AMOUNT_BEFORE.search(plain[max(0, piece.start - 4) : piece.start]):
        # 两斤菜 in "够拌两斤菜" measures.
        return term, piece.start, 9.0
    if last:
        return term, piece.start, -2.0 if is_own(text) and not run.role else 0.0
    return term, piece.start, 2.5 if _is_subject(run.pieces[:at]) else 6.0


def _is_offered(plain: str, run: Run, at: int, start: int) -> bool:
    """Return whether a clause says that the thing at `start` is what the seller sells, or points at it."""
    if points_at(plain[run.start : start]) or _OUR_SHOP.match(plain, run.start, run.pieces[at].end + 1):
        return True
    first = compound_start(run, at, start)
    led = (plain[max(0, start - 14) : start], plain[max(run.start, first - 14) : first])
    return run.role in _OWN_WORDS and any(map(is_offered, led))


def _last_resort(runs: Sequence[Run], lexicon: Lexicon) -> Iterator[Noun]:
    """A phrase near the beginning that ends like a thing, where no word names one: 护肤套盒."""
    for run in runs[:3]:
        text = run.pieces[-1].text
        term = lexicon.head("".join(piece.text for piece in run.pieces).strip(_JOINING))
        if term and not run.label and text.endswith(term.zh) and run.end - run.start <= _LONGEST_NAME:
            yield Noun(run.end - len(term.zh), run.end, term, run, len(run.pieces) - 1, 20.0)
            return


def _head(run: Run, at: int, lexicon: Lexicon) -> Term | None:
    """Return what the last characters of a word nobody knows say it is; 架 alone does behind a product (纸巾架)."""
    before = run.pieces[at - 1].term if at else None
    kinds = ("material", "shape", "unseen", "detail")
    behind = before is not None and (before.is_product or before.kind in kinds)
    text = run.pieces[at].text.strip(_JOINING)
    found = lexicon.head(text, whole=behind)
    return None if found and is_verb(text, found.zh) else found


def _is_counter(plain: str, start: int, term: Term) -> bool:
    """Return whether one character only counts: 两面, 28一面."""
    return len(term.zh) == 1 and bool(_COUNTING.search(plain[max(0, start - 2) : start]))


def _is_subject(before: Sequence[Segment]) -> bool:
    """Return whether nothing but describing words stands before."""
    return all(piece.term is not None or _DETERMINERS.match(piece.text) or "的" in piece.text[-1:] for piece in before)


def _can_follow(piece: Segment) -> bool:
    if piece.text in _SETS:
        return True
    if piece.term is None:
        rest = piece.text.strip(_JOINING)
        adds = _KINDS_OF_IT.fullmatch(rest) or _BIG_BOTTLE.fullmatch(rest) or _FOR_SALE.fullmatch(rest)
        return not rest or rest.isascii() or adds is not None
    return not piece.term.is_product


def _better_first(plain: str, found: list[Noun]) -> list[Noun]:
    """Put first what is named more exactly further on, or only flavoured by the first."""
    first = found[0]
    for other in found[1:]:
        if other.score - first.score >= 20:
            break
        exact = plain[first.start : first.end] in _GENERAL and other.term.category == first.term.category
        longer = other.term.zh != first.term.zh and plain[other.start : other.end] not in _GENERAL
        flavoured = (
            first.category in _MADE_OF
            and other.category not in (*_MADE_OF, "pets", "appliances")
            and (other.term.kind != "head" or len(other.term.zh) > 1)
            and other.run.segment == first.run.segment
            and other.run.phrase == first.run.phrase + 1
        )
        if (exact and longer) or flavoured:
            return [other, *(noun for noun in found if noun is not other)]
    return found
