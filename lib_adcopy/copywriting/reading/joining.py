"""Clauses put together that say one thing: a price with its old price, a limit with what it limits, a list's parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.reading.amounts import Amount
from lib_adcopy.copywriting.reading.cutting import Cut
from lib_adcopy.copywriting.reading.roles import role_of_clause, role_of_heading
from lib_adcopy.copywriting.reading.segments import label_kind

_HAN = "\u4e00-\u9fff"
# A clause that begins so completes the one before it.
_COMPLETES = re.compile(
    "^(?:大概|大约|约莫?|差不多|左右|也就|才(?=\\d|[一二两三四五六七八九十几半])|就(?=能|可|行|好|是|会|要)|但|不过|可是|然而|所以|因此|于是|而且|并且|"
    "(?:外带|外卖|打包|现场|线上|会员|老客户?)也(?:算|行|有|一样)|"
    "或(?:者|是)?(?=周|早|晚|上午|下午)|甚至|尤其|特别是|否则|不然|除了|除外|其中|其余|其他|剩下|另外?(?=\\d)|再(?=[减送打加])|都是|都能|都可|也能|也可|也是|还能|还可|还是|"
    "这个|这(?=我|样|次|点)|那(?=就|种)|它|后面|之后|以后|后期|随后|反正|毕竟|因为|由于|虽然|如果|万一|"
    "(?:but|although|though|except|excluding|because|so|which|yet|roughly|about|approx)\\b)",
    re.IGNORECASE,
)
# One that ends so waits for the next.
_WAITS = re.compile(
    "(?:(?<![售产前今以]|[餐饭课])(?<!最)后|(?<![小及按准限同课工定计延])时|的话|之前|以前|之后|以后|期间|的时候|情况下|如果[^，。]*|只要[^，。]{1,8}|无论[^，。]*|不管[^，。]*|不仅[^，。]*|"
    "不但[^，。]*|虽然[^，。]*|因为[^，。]*|除了[^，。]*|[和与及或]|包括|比如|例如|想要[^，。]*的)$"
)
_BARE_NOUN = re.compile(rf"(?!.*[不没可能要有])[{_HAN}]{{1,5}}$")
_BARE_NAME = re.compile(rf"[{_HAN}]{{2,6}}")
_ADDRESS = re.compile(r"\d+\s*[号楼层F]|[路街巷弄道]\d*|广场|商场|大厦|[A-Z]\d{2,}")
_ALL_OF_THEM = re.compile("都(?:能|可以?|行|有|会|适用|好|要|给)")
_NUMBER_AT_END = re.compile(r"\d(?:元|块)?$")
_ENGLISH_VALUE = re.compile(r"[a-z-]+(?: [a-z-]+){0,2}")
_SHORT_VALUE = re.compile(rf"[{_HAN}]{{1,5}}")
_LONGEST_LIST = 30
_FOR_MONEY = re.compile("可以?(?:租|加|单买|单点|升级|续|代)[^，。\\d]{0,4}$")
# Another part's warranty behind the first's: 电池质保一年，屏半年; "two years on poles, one year on zips".
_SECOND_TERM = re.compile(
    rf"[{_HAN}]{{1,4}}(?:[一二两三四五六七八九十半\d]+(?:年|个月|天))$|(?:\w+|\d+) (?:years?|months?) on \w+",
    re.IGNORECASE,
)
# A case without a price of its own: 12到13是190，14以上要看型号.
_OTHER_CASE = re.compile("\\d+\\S{0,2}(?:以上|以下|以内|往上)")
_SHORTEST_ASIDE = 5
_WORKS_WITH = re.compile(r"\b(?:works? with|fits|compatible with|such as|available in|comes in)\b", re.IGNORECASE)
_FEW = 3
_LOOSE = ("feature", "function", "occasion", "audience", "")
_LONGEST_ASIDE = 60
_EXCEPTION = re.compile("(?:除外|要?补\\d|要?补差|不发货?$|不含|不包|[餐款]不减|另算|自理|不参加|不参与|不适用)")
# Terms of what was said before them, no statements of their own: 15公斤以下, 可小议, 等三周, 每单一个不是每支一个.
_TERM = re.compile(
    r"\d+(?:\.\d+)?(?:公斤|斤|kg)(?:以下|以内)$|可(?:以)?小?[刀议議]价?$|要?等[\d一二两三四五六七八九十几半]+(?:周|天|个月)|"
    r"\d+到\d+[号码]之间$|每(?:单|支|人|个|位|盒|件)(?:只|仅|限)?[一1]|要\d+(?:小时|天)内|去年是|周[一二三四五六日末]\S{0,2}休息|"
    r"另?加?收\d+\S{0,6}费|墙上挂着|that'?s on purpose|\S{2,6}可以?冻结$|"
    r"(?:签收|收货|收到|到货)(?:之?后)?\d+\S{0,3}内|(?:仅限|只限)\S{2,}|(?:不是|并非|没有)(?:完全|绝对|全部|说)|"
    r"\S{0,3}(?:最多|最少|起码)\S{1,8}$|报名\S{0,2}抵|(?:修|换|补|洗|改)过\S{0,4}$|(?:要|得|需要)(?!\d)\S{1,4}$|(?:不用|无需|不必)(?:寄|退|还)\S{0,3}$|\d+(?:平|平方|亩|件|斤|份)起$|都在[用吃穿喝]",
    re.IGNORECASE,
)
_ENGLISH_LIST = re.compile(r"(?:shows?|has|with|for|includes?|contains?|made (?:of|with)|flavou?rs?)\b", re.IGNORECASE)
_OF_THOSE = re.compile(r"\bon (?:those|these|it|them)$", re.IGNORECASE)
_ON_LIST = re.compile(f"[{_HAN}]{{2,8}}")
_AREA = re.compile("江浙沪(?:皖)?|珠三角|同城|全国|省内|(?:仅|只)?限?本市")
_ALLOWED = re.compile("(?:宠物|猫狗|狗狗|小狗)可以?[带进入]")
_LISTED_KINDS = ("colour", "material", "flavour", "pattern", "size", "ingredient", "audience", "occasion", "style")
# Under these headings every comma begins another point.
_POINTED = ("feature", "function", "service", "offer", "warranty")
_OWN_ROLES = ("price", "offer", "service", "place", "caveat", "instruction", "contents", "voice", "use")
_LABELLED_APART = ("price", "offer", "service", "place", "instruction")
_NAMED = re.compile("(?:名?叫|名字[叫是]|型号[叫是])\\S{1,12}")
# Why something is not to be written.
_REASON = re.compile(
    "别|不要|我(?:只)?是|没有?那么|没有?(?:证|资质|报告|检测)|(?:物业|领导|老板|学校|房东|公司)[^，。]{0,2}(?:不让|不许|会|要|说)|(?:这)?(?:个)?平台|我们?(?:之前|上次|被|怕|不想)|上次|之前|不然|否则|因为|会被|容易被|怕|显得|太(?!阳)|"
    "客[户人](?:会|不)|读者|粉丝|(?:看)?(?:起来|着)|不好|不是(?:真的|那种)|跟.{1,6}(?:一样|似的)"
)
_MAY_BE_NOTES = ("", "voice", "caveat", "use")
_NEVER_JOINED = ("product", "instruction")


@dataclass(frozen=True)
class Joined:
    """A statement in the making: its parts' places and the sign that joins them."""

    parts: tuple[tuple[int, int], ...]
    role: str
    label: str = ""
    mark: str = "line"
    joint: str = "，"
    kind: str = ""

    @property
    def start(self) -> int:
        return self.parts[0][0]

    @property
    def end(self) -> int:
        return self.parts[-1][1]

    def words(self, plain: str) -> str:
        return self.joint.join(plain[start:end] for start, end in self.parts)


def drafts_of(plain: str, clauses: Sequence[Cut], amounts: Sequence[Amount], *, language: str) -> list[Joined]:
    """Return the clauses with their roles, those of one heading's value together."""
    made: list[Joined] = []
    # Whether the heading in running text still holds.
    holds = False
    for clause in clauses:
        text = plain[clause.start : clause.end]
        inside = [each for each in amounts if clause.start <= each.start and each.end <= clause.end]
        own = role_of_clause(text, inside, language=language)
        label, kind = clause.label, label_kind(clause.label)
        first = clause.mark == "heading"
        holds = first or (holds and bool(label))
        if not label or not (holds or clause.owned):
            made.append(Joined(((clause.start, clause.end),), own, "", clause.mark, kind=_kind_of(inside, text)))
            continue
        named = role_of_heading(label)
        if first or not made or made[-1].label != label:
            role = named or (own if own in _LABELLED_APART and not kind else "attribute")
            made.append(Joined(((clause.start, clause.end),), role, label, clause.mark, kind=kind))
        elif _stays(clause, made[-1], own, named, kind, plain, text):
            last = made[-1]
            made[-1] = replace(last, parts=(*last.parts, (clause.start, clause.end)), joint=_joint(clause))
        elif clause.owned:
            kept = named if named and (own in ("", named) or not _leaves(own)) else own
            made.append(Joined(((clause.start, clause.end),), kept or "attribute", label, clause.mark, kind=kind))
        else:
            holds = False
            made.append(Joined(((clause.start, clause.end),), own, "", clause.mark, kind=_kind_of(inside, text)))
    return _with_notes(plain, _with_shops(plain, _with_lists(plain, made)))


def _with_notes(plain: str, drafts: list[Joined]) -> list[Joined]:
    """Return the drafts where the reason of a note to the writer is a part of it: 别写百年老店，没有那么久."""
    for at in range(1, len(drafts)):
        draft, before = drafts[at], drafts[at - 1]
        goes_on = before.role == "instruction" and draft.mark in ("soft", "space") and not draft.label
        if goes_on and draft.role in _MAY_BE_NOTES and _REASON.match(plain, draft.start, draft.end):
            drafts[at] = replace(draft, role="instruction")
    return drafts


def _with_shops(plain: str, drafts: list[Joined]) -> list[Joined]:
    """Return the drafts where a short name straight before an address is the shop's: 悦禾 万象街3号."""
    for at in range(1, len(drafts) - 1):
        name, place = drafts[at], drafts[at + 1]
        is_name = not name.role and not name.label and _BARE_NAME.fullmatch(plain[name.start : name.end])
        if is_name and place.role == "place" and _ADDRESS.search(place.words(plain)) and place.mark != "line":
            drafts[at] = replace(name, role="place")
    return drafts


def _with_lists(plain: str, drafts: list[Joined]) -> list[Joined]:
    """The drafts where what stands before "...都能用" in a list has its role: 灶台 瓷砖都能用."""
    in_list = False
    for at in range(len(drafts) - 1, 0, -1):
        last, before = drafts[at], drafts[at - 1]
        in_list = last.mark == "space" and (in_list or bool(_ALL_OF_THEM.search(last.words(plain))))
        in_list = in_list and not before.role and _is_list(plain, before)
        if in_list:
            drafts[at - 1] = replace(before, role="use")
    return drafts


def _joint(clause: Cut) -> str:
    return "、" if clause.mark == "space" else "，"


def _leaves(role: str) -> bool:
    return role in _LABELLED_APART


def _stays(clause: Cut, last: Joined, own: str, named: str, kind: str, plain: str, text: str) -> bool:
    """Tell whether a clause still belongs to the value of the heading before it."""
    # A fee under a service's heading is one of its terms.
    if clause.owned and own == "price" and last.role == "service":
        return True
    if own in _LABELLED_APART and own != named:
        return False
    if named == "price" and own == "price":
        return True
    if _COMPLETES.match(text) or _EXCEPTION.search(text) or (clause.mark == "soft" and _TERM.match(text)):
        return True
    if clause.mark == "hard":
        return False
    if clause.owned:
        return kind not in _POINTED and named not in ("service", "offer")
    if named == "price" and _NUMBER_AT_END.search(text):
        return True
    listing = kind in _LISTED_KINDS or clause.label.endswith("色")
    if (
        listing
        and clause.mark == "space"
        and not own
        and _SHORT_VALUE.fullmatch(text)
        and len(last.words(plain)) < _LONGEST_LIST
    ):
        return True
    if listing and clause.mark == "soft" and not own and _ENGLISH_VALUE.fullmatch(text):
        return True
    # Behind a heading in running text a value goes on only with more of its kind.
    return _is_alike(plain[last.parts[-1][0] : last.parts[-1][1]], text)


def _is_alike(before: str, text: str) -> bool:
    """Tell whether two parts are built alike: "58" and "88" at their ends, a number of something in both."""
    ends = [re.sub(r"\d+(?:\.\d+)?", "0", each)[-2:] for each in (before, text)]
    return ends[0] == ends[1] and len(text) < 16


def _kind_of(amounts: Sequence[Amount], text: str) -> str:
    """Return the kind of a clause that is one amount and nothing more."""
    return amounts[0].kind if len(amounts) == 1 and amounts[0].end - amounts[0].start >= len(text) - 1 else ""


def joined(plain: str, drafts: Sequence[Joined], kinds: Sequence[str], *, language: str) -> list[Joined]:
    """Return the drafts with those together that belong together; `kinds` are the kinds of fact each states as a
    whole."""
    made: list[Joined] = []
    made_kinds: list[str] = []
    for draft, kind in zip(drafts, kinds, strict=True):
        last = made[-1] if made else None
        joint = _joined_by(plain, last, made_kinds[-1] if made else "", draft, kind, language) if last else ""
        if last and joint:
            made[-1] = replace(last, parts=(*last.parts, *draft.parts), role=_role_together(last, draft), joint=joint)
            made_kinds[-1] = made_kinds[-1] or kind
        else:
            made.append(draft)
            made_kinds.append(kind)
    return made


def _role_together(last: Joined, draft: Joined) -> str:
    if last.role in _OWN_ROLES or not draft.role:
        return last.role
    return draft.role if not last.role or last.role == "attribute" else last.role


def _joined_by(plain: str, last: Joined, last_kind: str, draft: Joined, kind: str, language: str) -> str:
    """The sign between two drafts that are one statement, "" where they are two."""
    if last.role == "product" and _NAMED.match(plain, draft.start) and draft.mark in ("soft", "space"):
        return "，" if language == "zh" else ", "
    if draft.mark in ("line", "heading") or draft.label or last.role in _NEVER_JOINED or draft.role in _NEVER_JOINED:
        return ""
    before, text = last.words(plain), plain[draft.start : draft.end]
    comma = "，" if language == "zh" else ", "
    if draft.mark == "hard":
        return ""
    if last.role == draft.role == "price":
        return comma
    if draft.role == "price" and draft.mark == "space" and last.mark == "line" and _ON_LIST.fullmatch(before):
        # A line of a price list: 开荒保洁 8元/平.
        return " " if not last.role and not last.label else ""
    if text.startswith("建议") and before.endswith(("会晃", "会掉", "会滑", "会倒")):
        return comma
    if _TERM.match(text) or (_ALLOWED.search(before) and text.startswith(("不能", "不可"))):
        return comma
    # What can be had, and for how much: 拍子可以租，10块一支.
    if draft.role == "price" and not last.label and _FOR_MONEY.search(before):
        return comma
    if last.role == "price" and not draft.role and _OTHER_CASE.match(text):
        return comma
    if last.role == "service" and _SECOND_TERM.match(text):
        return comma
    if last.role == "offer" and draft.role == "offer" and _COMPLETES.match(text):
        return comma
    if last.role in ("service", "offer", "price", "place") and _EXCEPTION.search(text):
        return comma
    if language == "en" and _is_english_list(before, text, last, draft):
        return comma
    if last.role == draft.role == "service" and _AREA.fullmatch(text):
        return comma
    if language == "en" and draft.role == "service" and _OF_THOSE.search(text):
        return comma
    if _COMPLETES.match(text) and draft.role in ("", "caveat", "voice", "use", last.role):
        return comma
    if _WAITS.search(before) and last.role not in ("service", "contents") and len(before) < 24:
        return comma
    aside = last.role == "voice" and len(before) < _LONGEST_ASIDE
    if aside and draft.role == "voice":
        return comma
    if aside and not draft.role and draft.mark == "soft" and kind in _LOOSE and len(text) > _SHORTEST_ASIDE:
        return comma
    if _WORKS_WITH.search(before) and not draft.role and len(text.split()) <= _FEW and language == "en":
        return comma
    if draft.mark == "space" and kind and kind == last_kind and kind in _LISTED_KINDS and not draft.role:
        return "、"
    in_list = draft.mark == "space" and _is_list(plain, last)
    if in_list and (_ALL_OF_THEM.search(text) or (last.role == draft.role == "use" and _is_list(plain, draft))):
        return "、"
    return ""


def _is_english_list(before: str, text: str, last: Joined, draft: Joined) -> bool:
    """Return whether an English clause is one more thing of a list: "Includes bath, nails", "shows time, date"."""
    if last.role == draft.role == "contents":
        return True
    is_short = len(text.split()) <= _FEW or text.startswith(("one ", "and "))
    goes_on = draft.mark == "soft" and not draft.role and is_short
    return goes_on and (last.role == "contents" or (not last.role and _ENGLISH_LIST.match(before) is not None))


def _is_list(plain: str, draft: Joined) -> bool:
    return all(_BARE_NOUN.match(plain[start:end]) for start, end in draft.parts)
