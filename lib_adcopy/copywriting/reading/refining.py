"""The facts of a brief put right by its clauses: each a whole phrase, of the kind its heading or role tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.reading.amounts import find_amounts, measure_value, price_value
from lib_adcopy.copywriting.reading.clauses import unsaid, worn_with
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import load_lexicon
from lib_adcopy.copywriting.reading.segments import label_kind
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import FACT_KINDS, Fact
from lib_adcopy.domain.statements import Statement

_HAN = "\u4e00-\u9fff"
_EDGES = " \t\n\"'‘’“”.,，。;；:：!！?？~～-_*#·|、()（）[]【】→"
_AMOUNTS = ("size", "capacity", "weight", "quantity")
_NAMES = ("name", "brand", "model")
_MONEY = ("price", "list_price", "offer", "coupon", "deadline")
# Kinds that say what they are wherever they stand.
_STRONG = (*_AMOUNTS, *_NAMES, *_MONEY, "material", "colour", "ingredient", "origin", "pattern", "flavour", "season",
           "fit", "style", "certificate", "warranty", "service", "contact", "audience")  # fmt: skip
_LISTED = ("colour", "material", "ingredient", "flavour", "audience", "occasion", "season", "pattern", "style")
_OTHER_WHATEVER_THE_HEADING = ("function", "certificate", "warranty", "service", "offer")
_JOINERS = re.compile(r"\s*(?:[、/+&,，;；]|(?<=[^\s])(?:和|与|及|以及|或者?)(?=[^\s]))\s*|\s+(?=[\u4e00-\u9fff])")
_PARTS = re.compile(rf"\d+个(?!装|入|一|月)[{_HAN}]{{2,}}")
_SPACES = re.compile(r"[，,;；]|\s+")
_BARE_NUMBER = re.compile(
    r"(?<![\d.:：])\d{1,6}(?:\.\d{1,2})?(?![\d.:：]|\s*(?:%|折|[A-Za-z]|[年月日号天点分小人寸米斤克]))"
)
_LITTLE = re.compile(
    r"(?:[\s的地得了着过和与及或是为有用在也都还就很更可选款种个等这那它约共每各内外里上下中左右起配带含约为,，、/+&.·~()（）-]|颜色|材质|面料|尺寸|"
    r"口味|两种|三种|多种|可选|[一二两三四五六七八九十]+个?色)*"
)
_COLOUR_END = "红橙黄绿蓝紫黑白灰棕粉银青褐杏咖色金"
_COLOURS = re.compile(rf"(?:颜色有?|配色)?\s*(?:[{_HAN}]{{1,4}}[{_COLOUR_END}](?:[、/+和或 ，]\s*)?){{2,}}")
_SHORT = 3
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
# A heading without a colon: "颜色有雾蓝和奶咖".
_HEADED = re.compile(
    r"\s*(?P<name>颜色|配色|材质|面料|口味|尺寸|尺码|图案|产地|成分|配料|容量|重量)(?:有|是|为|可选|分)?(?=\S{2,})"
)
_LIST = re.compile(rf"[、/]|(?<=[{_HAN}]) +(?=[{_HAN}])")
_FREE_POSTAGE = re.compile(r"包邮|免运费?")
_UNTIL = re.compile(r"截止|为止|(?:到|至)\s*(?:本|下)?\d{1,2}月?\d{0,2}[日号]?$|前有效$|到期")
_REDUCED = re.compile(r"[减折送赠券抵返]|半价|免")


def refine(
    source: Source, facts: Sequence[Fact], statements: Sequence[Statement], category: str = ""
) -> tuple[Fact, ...]:
    """The facts, those of each statement by its role; of what stands in no statement names alone are left."""
    told: list[Fact] = []
    left = list(facts)
    for statement in statements:
        inside = [fact for fact in left if statement.start <= fact.start < statement.end]
        left = [fact for fact in left if fact not in inside]
        told += _of_statement(source, statement, inside)
    told = [_as_ingredient(source, fact) if category in _EATEN else fact for fact in told]
    # 6个按摩头 is what it has; 6个装 is how many there are.
    told = [
        replace(fact, kind="feature", value="") if fact.kind == "quantity" and _PARTS.fullmatch(fact.text) else fact
        for fact in told
    ]
    return _once([*told, *(fact for fact in left if fact.kind in _NAMES)])


def _as_ingredient(source: Source, fact: Fact) -> Fact:
    """A short feature that only names something eaten or a substance as what the product is made of."""
    text = source.plain[fact.start : fact.end]
    if fact.kind not in ("feature", "material", "function") or len(text) > _LONGEST_INGREDIENT or text[-1] in "色调款":
        return fact
    pieces = load_lexicon().split(text)
    foods = [piece.term is not None and piece.term.category in ("food", "plants") for piece in pieces]
    is_food = all(foods) or (any(foods) and bool(_LISTED_FOODS.fullmatch(text)))
    substance = _SUBSTANCE.search(text) or (fact.kind == "material" and not _PACKED_IN.search(text))
    if is_food and "/" in text:
        # One of them at a time: tastes to choose from.
        return replace(fact, kind="flavour")
    return replace(fact, kind="ingredient") if is_food or substance else fact


def _once(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    kept: list[Fact] = []
    seen: set[tuple[str, str, str]] = set()
    for fact in sorted(facts, key=lambda fact: (fact.start, -fact.end)):
        sign = (fact.kind, fact.text.lower(), fact.name)
        if sign not in seen and re.search(r"\w", fact.text):
            seen.add(sign)
            kept.append(fact)
    return tuple(kept)


def _of_statement(source: Source, statement: Statement, inside: Sequence[Fact]) -> list[Fact]:
    whole = _fact(source, "feature", statement.start, statement.end)
    if whole is None:
        return list(inside)
    names = [fact for fact in inside if fact.kind in _NAMES or fact.name]
    role = statement.role
    if role == "instruction":
        return [fact for fact in names if fact.kind == "name"]
    if role == "voice":
        told = [fact for fact in inside if fact.kind in _STRONG and fact.kind != "audience"]
        return [*told, *_origins(source, statement)]
    if role in ("product", "other_product"):
        return list(inside)
    if role == "price":
        kept = [fact for fact in inside if fact.kind in _STRONG]
        return _with_old_price(source, [*kept, *_bare_prices(source, statement, inside)])
    if role == "offer":
        if _is_date(inside, whole.text):
            return [*names, replace(whole, kind="deadline")]
        kind = "coupon" if re.search("[券碼码]|coupon|code", whole.text) else "offer"
        dated = [fact for fact in inside if fact.kind in ("deadline", "name", "price") and fact.text != whole.text]
        free = [replace(whole, kind="service")] if _FREE_POSTAGE.search(whole.text) else []
        return [*dated, *free, replace(whole, kind=kind)]
    if role == "service":
        warranty = any(fact.kind == "warranty" for fact in inside) or kind_of_phrase(whole.text) == "warranty"
        return [*names, replace(whole, kind="warranty" if warranty else "service")]
    if role == "place":
        found = [fact for fact in inside if fact.kind in ("contact", "deadline", "name", "price")]
        said = sum(len(fact.text) for fact in found if fact.kind == "contact")
        return found if said * 2 >= len(whole.text) else [*names, replace(whole, kind="contact")]
    if role == "audience":
        kept = [fact for fact in inside if fact.kind in (*_AMOUNTS, *_NAMES, "colour", "price") or fact.name]
        return [*kept, replace(whole, kind="audience")]
    if role == "caveat":
        limits = kind_of_phrase(whole.text) == "service"
        kept = [fact for fact in inside if fact.kind in _STRONG and fact.kind not in _NOT_LIMITED]
        return [*kept, replace(whole, kind="service" if limits else "feature")]
    if role == "contents":
        return [*names, *_items(source, statement, inside)]
    if statement.label and role == "attribute" and label_kind(statement.label):
        return _of_label(source, statement, inside)
    return _of_point(source, statement, inside, whole)


def _is_date(inside: Sequence[Fact], text: str) -> bool:
    """Whether an offer's clause says only until when."""
    dated = sum(len(fact.text) for fact in inside if fact.kind == "deadline")
    return dated >= 0.7 * len(text) or (bool(_UNTIL.search(text)) and not _REDUCED.search(text))


def _origins(source: Source, statement: Statement) -> Iterator[Fact]:
    """The places that a seller names of himself: 我家是温州的工厂."""
    for piece in load_lexicon().split(source.plain[statement.start : statement.end], statement.start):
        if piece.term and piece.term.fact == "origin" and len(piece.text) > 1:
            yield Fact("origin", source.text[piece.start : piece.end], "", piece.start, piece.end)


def _with_old_price(source: Source, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a price's clause; a plain price before a lower one that is called the present one is the old one."""
    prices = sorted((fact for fact in facts if fact.kind == "price"), key=lambda fact: fact.start)
    if len(prices) != _OLD_AND_NEW or any(fact.kind == "list_price" for fact in facts):
        return list(facts)
    old, new = prices
    amounts = [re.match(r"\d+(?:\.\d+)?", fact.value) for fact in prices]
    led = source.plain[max(0, new.start - 4) : new.end]
    lower = all(amounts) and float(amounts[1][0]) < float(amounts[0][0])  # type: ignore[index]
    plain = not _PRESENT.search(source.plain[max(0, old.start - 2) : old.end]) and "/" not in old.value
    if lower and plain and _PRESENT.search(led):
        return [replace(fact, kind="list_price") if fact is old else fact for fact in facts]
    return list(facts)


def _of_label(source: Source, statement: Statement, inside: Sequence[Fact]) -> list[Fact]:
    """The value behind a heading, taken whole, or part by part where it is a list."""
    kind = label_kind(statement.label)
    if kind not in FACT_KINDS or kind in ("feature", "function", "service", "name"):
        return _of_point(source, statement, inside, None, fallback=kind if kind in FACT_KINDS else "feature")
    named = [fact for fact in inside if fact.name]
    if named:
        return [*named, *(fact for fact in inside if not fact.name and fact.kind == kind)]
    if kind not in _LISTED:
        text = source.plain[statement.start : statement.end]
        value = price_value(text) if kind in ("price", "list_price") and re.search(r"\d", text) else ""
        value = measure_value(text) if kind in _AMOUNTS else value
        found = _fact(source, kind, statement.start, statement.end, value)
        return [found] if found else []
    return _listed(source, statement.start, statement.end, kind)


def _listed(source: Source, start: int, end: int, kind: str) -> list[Fact]:
    """The parts of a value, each of its kind; what is another kind whatever the heading says, as that."""
    if kind not in _LISTED:
        found = _fact(source, kind, start, end, measure_value(source.plain[start:end]))
        return [found] if found else []
    made: list[Fact] = []
    for first, last in _parts(source.plain, start, end, _JOINERS):
        told = kind_of_phrase(source.plain[first:last])
        own = told if told in _OTHER_WHATEVER_THE_HEADING and kind != "audience" else kind
        part = _fact(source, own, first, last)
        made += [part] if part else []
    return made


def _of_point(
    source: Source, statement: Statement, inside: Sequence[Fact], whole: Fact | None, fallback: str = ""
) -> list[Fact]:
    """A clause without a role: its typed facts, and the clause itself where they leave something unsaid."""
    made: list[Fact] = []
    spans = [(statement.start, statement.end)]
    if whole is None or "，" in statement.text or ("、" in statement.text and len(statement.text) > _LIST_LENGTH):
        spans = list(_parts(source.plain, statement.start, statement.end, _CLAUSE_PARTS))
    for start, end in spans:
        within = [fact for fact in inside if start <= fact.start < end]
        made += _of_clause(source, start, end, within, fallback)
    return made


_EATEN = ("food", "beauty", "pets")
_LONGEST_INGREDIENT = 12
_LISTED_FOODS = re.compile(rf"[{_HAN}]{{1,5}}(?:[+、/][{_HAN}]{{1,5}})+")
_SUBSTANCE = re.compile(
    "(?:[酸醇胺肽酯酚酶酮钠钾钙锌]|提取物|精华|精粹|益生[菌元]|胶原(?:蛋白)?|蛋白|角鲨烷|维[A-EＡ-Ｅ]|维生素[A-E]?|纤维|多糖|膳食纤维|"
    "咖啡因|果胶|神经酰胺|玻尿酸|烟酰胺|植物油|籽油|果油|坚果油|乳木果|积雪草|茶树|马油)$"
)
_NOT_LIMITED = ("audience", "origin", "service", "contact")
_OLD_AND_NEW = 2
_PRESENT = re.compile("现|活动|优惠|折后|今[天日晚]|限时|秒杀|直播|报名|早鸟|双11|双十一|618|国庆|开业")
_MADE_OF = ("material", "ingredient", "certificate")
_PACKED_IN = re.compile("纸|袋|盒|罐|瓶|玻璃|陶瓷|竹|木|棉|无纺|膜布|塑料|铝|布")
_LIST_LENGTH = 14
_LONGEST_COLOUR = 5
_MAY_BE_COLOURS = {"colour", "feature", "flavour", "material", "style"}
_CLAUSE_PARTS = re.compile(r"[，,、;；]\s*")


def _of_clause(source: Source, start: int, end: int, inside: Sequence[Fact], fallback: str) -> list[Fact]:
    text = source.plain[start:end].strip(_EDGES)
    named = [fact for fact in inside if fact.name]
    if not text or worn_with(text) >= 0 or (not inside and unsaid(text)):
        # What is denied, compared with or worn beside it is no fact of the product.
        return list(inside)
    headed = _HEADED.match(source.plain, start, end)
    if headed and not named and label_kind(headed["name"]) in (*_LISTED, *_AMOUNTS):
        return _listed(source, headed.end(), end, label_kind(headed["name"]))
    if not named and _COLOURS.fullmatch(text) and kind_of_phrase(text) in ("colour", "feature"):
        return _listed(source, start, end, "colour")
    if _LIST.search(text) and not named:
        listed = _all_colours(source, start, end)
        if listed:
            return listed
    strong = [fact for fact in inside if fact.kind in _STRONG or fact.name]
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
    amounts = [fact for fact in strong if fact.kind in _AMOUNTS]
    short = len(re.findall(f"[{_HAN}]", rest)) <= _SHORT
    if len(strong) == 1 and amounts and short and kind in ("feature", amounts[0].kind):
        grown = _fact(source, amounts[0].kind, start, end, amounts[0].value)
        return [grown] if grown else list(strong)
    whole = _fact(source, kind, start, end)
    kept = [fact for fact in strong if fact.kind != kind and len(fact.text) > (3 if fact.kind == "quantity" else 1)]
    return [*kept, whole] if whole else kept


def _all_colours(source: Source, start: int, end: int) -> list[Fact]:
    """A list of colours where one of them is a colour for certain: 燕麦、藏蓝."""
    parts = list(_parts(source.plain, start, end, _JOINERS))
    words = [source.plain[first:last].strip(_EDGES) for first, last in parts]
    sure = any(
        (term is not None and term.kind == "colour") or (len(word) > 1 and word[-1] in _COLOUR_END[:-2])
        for word, term in zip(words, map(load_lexicon().term, words), strict=True)
    )
    short = all(1 < len(word) <= _LONGEST_COLOUR and not re.search(r"\d", word) for word in words)
    if sure and short and {kind_of_phrase(word) for word in words} <= _MAY_BE_COLOURS:
        return [fact for first, last in parts if (fact := _fact(source, "colour", first, last))]
    return []


def _bare_prices(source: Source, statement: Statement, inside: Sequence[Fact]) -> Iterator[Fact]:
    """The prices of a price's clause that have no sign of their own: 老学员199."""
    for start, end in _parts(source.plain, statement.start, statement.end, _SPACES):
        if any(fact.kind in _MONEY and fact.start < end and start < fact.end for fact in inside):
            continue
        found = list(_BARE_NUMBER.finditer(source.plain, start, end))
        taken = [fact for fact in inside if fact.kind in _AMOUNTS]
        found = [n for n in found if not any(fact.start <= n.start() < fact.end for fact in taken)]
        if found:
            price = _fact(source, "price", start, end, price_value(found[-1].group()))
            if price:
                yield price


def _items(source: Source, statement: Statement, inside: Sequence[Fact]) -> Iterator[Fact]:
    """What is in the box, thing by thing; what is counted as a quantity."""
    whole = kind_of_phrase(source.plain[statement.start : statement.end])
    if whole in ("certificate", "warranty", "service", "offer"):
        found = _fact(source, whole, statement.start, statement.end)
        yield from [found] if found else []
        return
    for start, end in _parts(source.plain, statement.start, statement.end, re.compile(r"\s*[、+，,;；]\s*")):
        text = source.plain[start:end]
        counted = any(amount.kind == "quantity" for amount in find_amounts(text))
        made = next((fact.kind for fact in inside if start <= fact.start < end and fact.kind in _MADE_OF), "feature")
        found = _fact(source, "quantity" if counted else made, start, end)
        if found:
            yield found


def _parts(plain: str, start: int, end: int, joiners: re.Pattern[str]) -> Iterator[tuple[int, int]]:
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


def _fact(source: Source, kind: str, start: int, end: int, value: str = "") -> Fact | None:
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
