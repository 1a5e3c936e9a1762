"""Statements put into Chinese clauses and sentences: data/copy/zh/wording.json says how."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.cleaning import with_currency, with_offered_currency
from lib_adcopy.copywriting.composition.plan import Plan, Unit

_UNIT = (
    r"[a-zA-Z%°℃]{1,4}|毫升|升|公斤|千克|克|斤|两|厘米|毫米|公分|米|英寸|寸|瓦|毫安时|毫安|小时|分钟|天|页|片|只|个|件|枚|袋|包|盒|"
    r"瓶|条|支|罐|粒|张|双|本|册|套|块|把|节|朵|枝|颗|档|层|码|度"
)
_PURE_NUMBER = re.compile(
    rf"[约近共]?\d[\d.,/×x*~～–至到-]*\s*(?:{_UNIT})?(?:\s*[/×x*]\s*\d*\s*(?:{_UNIT})?)*(?:左右)?(?:大容量|的)?"
)
_LABELLED = re.compile(r"(?P<label>(?![含送共附带配约近满])[\u4e00-\u9fff]{2,5}?)(?P<value>[约近]?\d[^，、；]*)")
_TAKES_ALSO = re.compile(r"(?:可以|可(?!爱)|能|会|自带|支持|有(?!机)|配有)")
_STOP = tuple("。！？!?～…")
# Labels of numbers, which a value that names its own kind does without: 直径8mm, 电池8000mAh.
_MEASURED = ("尺寸", "大小", "规格", "容量", "重量", "数量", "功率", "高度", "特点", "功能", "性能", "参数")
# Roles whose label says no more than the role: 活动, 售后, 缺点.
_UNLABELLED = ("voice", "caveat", "point", "offer", "service")
# Longest sentence, in characters, and clauses it may join.
_ROOM, _MOST = 42, 3
_COLOURS = re.compile(r"[黑白灰红蓝绿黄粉紫橙棕杏咖驼青金银米]色|^[^，]*[、/／][^，]*[色白黑灰红蓝绿粉紫黄棕杏青]")
_LISTS_BY_ITSELF = ("含", "内含", "里面", "附", "配", "送", "带", "一套", "共", "都", "每", "包含", "全套", "赠")
_SEVERAL = re.compile(r"[、/／]")


class ChineseWording:
    """Puts the statements of one copy into words, in its tone and register ("oral" or "formal")."""

    def __init__(
        self,
        plan: Plan,
        register: str,
        chooser: Chooser,
        aside: Callable[[Unit], str],
        benefit: Callable[[Unit], str],
    ) -> None:
        brief = plan.brief
        self._brief, self._formal, self._chooser, self._aside = brief, register == "formal", chooser, aside
        self._benefit = benefit
        self._most = 2 if brief.tone in ("literary", "premium") else _MOST
        self._table: dict[str, Any] = load_copy_data("zh/wording.json")
        self._connect = list(load_copy_data("zh/frames.json")["connect"][brief.tone])
        # A product page and a professional tone are not spoken.
        leads = self._table["leads"]
        self._leads: dict[str, list[str]] = dict(leads["professional" if self._formal else brief.tone])
        if brief.platform == "taobao":
            self._leads = {}
        if brief.platform in ("taobao", "jd"):
            self._connect = []

    def clause(self, unit: Unit) -> str:
        """Return the statement as a clause of a sentence, without a stop at its end."""
        text = unit.text
        if unit.role == "price":
            return self._price(unit)
        if unit.role == "offer":
            text = with_offered_currency(text)
        if unit.label and (unit.role not in _UNLABELLED or unit.label == "赠品"):
            listed = unit.facet.name in ("flavour", "ingredient") or bool(_COLOURS.search(text))
            if unit.has_own_label or listed or not self._brief.statements:
                return self._labelled(unit.label, text)
        if unit.role in ("service", "offer") and unit.has_own_label and len(text) <= 8 and not _has_verb(text):
            return text if unit.label in ("售后", "服务", "活动", "优惠", "福利") else f"{unit.label}{text}"
        if unit.role == "audience":
            return text if re.search(r"适|友好|可|能|也|都|给|用|建议|累|不|别|[^一-龥]", text) else f"适合{text}"
        if unit.role == "contents" and "、" in text and not text.startswith(_LISTS_BY_ITSELF):
            return f"里面有{text}"
        if _PURE_NUMBER.fullmatch(text):
            return self._bare(unit)
        if "，" in text or len(text) > 12:
            return text
        verb = next((verb for pattern, verb in _noun_verbs() if pattern.search(text)), "")
        return text if not verb or text.startswith(verb) or _has_verb(text[:-1]) else verb + text

    def _price(self, unit: Unit) -> str:
        text = with_currency(unit.text)
        if unit.has_own_label and unit.label not in ("价格", "售价", "价", "价钱") and unit.label not in text:
            return f"{unit.label}{text}" if text[:1].isdigit() else f"{unit.label}：{text}"
        return text

    def _labelled(self, label: str, value: str) -> str:
        entry = next((entry for pattern, entry in _label_entries() if pattern.fullmatch(label)), None)
        own = re.match(r"[\u4e00-\u9fff]{1,6}[约近]?\d", value) and label in _MEASURED
        if value.startswith(label) or own:
            return value
        if entry is None:
            short = value[:1].isdigit() or value[:1] in "约近" or len(value) <= 6
            return f"{label}{value}" if short and not re.search(r"[，；。]", value[:4]) else f"{label}：{value}"
        frames = entry["formal"] if self._formal else entry["say"]
        if "one" in entry and not _SEVERAL.search(value):
            if "颜色" in label and not re.search(r"色|[黑白灰红蓝绿黄粉紫橙棕杏]$", value):
                return value
            frames = entry["formal"] if self._formal else entry["one"]
        listed = re.sub(r"(?<=[\u4e00-\u9fff])[/／](?=[\u4e00-\u9fff])", "、", value)
        takes_noun = frames[0].startswith(("{l}是", "{l}为", "用的是", "采用", "是{v}", "走的是"))
        if not (takes_noun and _has_verb(value.split("，")[0])):
            frame = self._chooser.order(f"label {label}", frames)[0]
            return frame.format(v=listed, l=label)
        return f"{label}：{listed}"

    def _bare(self, unit: Unit) -> str:
        table: dict[str, list[str]] = self._table["bare"]
        if self._brief.category == "food":
            table = {**table, **self._table["bare_food"]}
        label = next((name for end, name in self._table["unit_labels"] if re.search(end, unit.text)), "")
        if label:
            return self._chooser.order("bare label", [f"{label}{unit.text}", f"{unit.text}的{label}"])[0]
        frames = table.get(unit.facet.name, ["{v}"])
        return self._chooser.order(f"bare {unit.facet.name}", frames)[0].format(v=unit.text, l="")

    def row(self, unit: Unit) -> tuple[str, str]:
        """(label, value) for a table of specifications."""
        text = with_currency(unit.text) if unit.role == "price" else unit.text
        if unit.label and len(unit.label) <= 6:
            return unit.label, text
        named = _LABELLED.fullmatch(text)
        if named and len(named["label"]) < len(text) and not named["label"].endswith(("第", "共", "送", "减", "满")):
            return named["label"], named["value"]
        label = next((name for end, name in self._table["unit_labels"] if re.search(end, text)), "")
        return label or unit.facet.label, text

    def sentences(self, units: Sequence[Unit], leads: int = 3, turn: int = 0) -> list[str]:
        """Return the statements as sentences, what is about one thing together; `turn` says which band of facets is
        first."""
        ordered = list(banded(units).values())
        turn = turn % len(ordered) if ordered else 0
        found: list[str] = []
        led = explained = False
        for band in ordered[turn:] + ordered[:turn]:
            for text, unit in self._band(band):
                alone = explained or bool(unit and self._benefit(unit))
                explained = bool(unit and self._benefit(unit))
                joins = found and not led and not alone and len(found[-1]) + len(text) <= _ROOM
                joins = joins and (len(text) < 9 or len(found[-1]) < 8)
                if joins and found[-1].endswith("。"):
                    found[-1] = stopped(found[-1][:-1] + "，" + text)
                    continue
                before = leads
                if found:
                    text, leads = self._led(unit, text, leads)
                led = leads < before
                found.append(with_aside(stopped(text), self._aside(unit) if unit else ""))
        return self._toned(found)

    def _toned(self, sentences: list[str]) -> list[str]:
        """Return a lively text ends every other sentence in ～ or ！."""
        if self._brief.tone != "lively":
            return sentences
        marks = "～！" if self._chooser.number("lively", 2) else "！～"
        return [
            sentence[:-1] + marks[at // 2 % 2] if at % 2 == 0 and sentence.endswith("。") else sentence
            for at, sentence in enumerate(sentences)
        ]

    def _band(self, units: Sequence[Unit]) -> list[tuple[str, Unit | None]]:
        """Sentences without stops, each with the statement it is about, None where it is about several things.

        Facet by facet, small facets together; nouns of one verb share it.
        """
        made: list[tuple[str, Unit | None]] = []
        pending: list[str] = []
        explained = [unit for unit in units if self._benefit(unit)]
        plain = [unit for unit in units if unit not in explained]
        nouns = [unit for unit in plain if self._form(unit, self.clause(unit)) == "noun"]
        clusters: list[list[Unit]] = []
        for cluster in clustered(units):
            clusters += [nouns] if nouns and nouns[0] in cluster else []
            clusters.append([unit for unit in cluster if unit in plain and unit not in nouns])
            clusters += [[unit] for unit in cluster if unit in explained]
        for cluster in filter(None, clusters):
            if cluster[0] in explained:
                made += [(self._sentence(pending), None)] if pending else []
                pending = []
                made.append((self.explained(cluster[0], self.clause(cluster[0])), cluster[0]))
                continue
            clauses = _merged([self.clause(unit) for unit in cluster])
            together = "，".join(clauses)
            if len(together) <= 10 and len("，".join([*pending, together])) <= 28 and len(pending) < 3:
                pending += clauses
                continue
            if pending and len("，".join([*pending, together])) <= 30 and len(pending) + len(clauses) <= self._most:
                made.append((self._sentence([*pending, *clauses]), None))
                pending = []
                continue
            if pending:
                made.append((self._sentence(pending), None))
                pending = []
            made += [(self._sentence(chunk), cluster[0]) for chunk in self._chunks(clauses)]
        if pending:
            made.append((self._sentence(pending), None))
        return made

    def explained(self, unit: Unit, text: str) -> str:
        """Return what is said of a statement, and what it means to the buyer where this copy tells that."""
        benefit = self._benefit(unit)
        return f"{text}，{benefit}" if benefit else text

    def _sentence(self, clauses: Sequence[str]) -> str:
        """Return the clauses joined; one that adds something the thing can do says so: 还支持改键."""
        *before, last = _merged(clauses)
        also = before and self._connect and len(last) <= 10 and _TAKES_ALSO.match(last)
        return "，".join([*before, f"还{last}" if also else last])

    def _form(self, unit: Unit, clause: str) -> str:
        if _PURE_NUMBER.fullmatch(unit.text) or (len(clause) <= 14 and _LABELLED.fullmatch(clause)):
            return "number"
        if unit.label or unit.role != "point" or "，" in clause or len(clause) > 12:
            return "clause"
        named = any(clause.startswith(verb) and clause != unit.text for _, verb in _noun_verbs())
        return "noun" if named else "clause"

    def plain_sentences(self, units: Sequence[Unit]) -> list[str]:
        """Return the statements as they are, those of one sentence of the brief together."""
        sentences: dict[int, list[str]] = {}
        named = ""
        for unit in units:
            # A label stands before the first of its statements.
            again = unit.has_own_label and unit.label == named
            named = unit.label
            sentences.setdefault(unit.sentence, []).append(unit.text if again else self.clause(unit))
        return [stopped("，".join(chunk)) for clauses in sentences.values() for chunk in self._chunks(clauses)]

    def deal(self, units: Sequence[Unit]) -> list[str]:
        """Price and offers in the seller's order."""
        if not units:
            return []
        chunks = self._chunks([self.clause(unit) for unit in units], most=5, room=60)
        sentences = [stopped("，".join(chunk)) for chunk in chunks]
        return [*sentences[:-1], with_aside(sentences[-1], self._aside(units[0]))]

    def listed(self, texts: Sequence[str]) -> str:
        """Clauses of one kind as one item of a list."""
        merged = _merged(texts)
        return ("；" if any("，" in text for text in merged) and len(merged) > 1 else "，").join(merged)

    def stopped(self, text: str) -> str:
        return stopped(text)

    def _chunks(self, clauses: Sequence[str], most: int = 0, room: int = _ROOM) -> list[list[str]]:
        chunks: list[list[str]] = [[]]
        for clause in clauses:
            fits = len("，".join([*chunks[-1], clause])) <= room and len(chunks[-1]) < (most or self._most)
            if chunks[-1] and (not fits or re.search(r"[。！？]$", chunks[-1][-1])):
                chunks.append([])
            chunks[-1].append(clause)
        return [chunk for chunk in chunks if chunk]

    def _led(self, unit: Unit | None, text: str, leads: int) -> tuple[str, int]:
        """Return the sentence with what it is about in front, for `leads` of them."""
        if unit is None:
            return text, leads
        named = unit.label or unit.facet.label
        if leads <= 0 or text.startswith(named) or "：" in text:
            return text, leads
        options = self._leads.pop(unit.facet.name, [])
        if options and len(text) > 9:
            lead = self._chooser.order(f"lead {unit.facet.name}", options)[0]
            return lead + text, leads - 1
        if self._connect and len(text) < 20 and not text.startswith(("还", "再", "另", "也")):
            return f"{self._connect.pop(0)}，{text}", leads - 1
        return text, leads


# Parts of a longer text, and the facets told in each.
_BANDS = {
    "work": (
        "function", "power", "battery", "connect", "noise", "install", "point", "lesson", "job", "style", "detail",
    ),
    "make": ("material", "ingredient", "craft", "origin", "flavour", "texture", "author", "book"),
    "measure": ("size", "capacity", "weight", "quantity", "spec", "shelf", "contents", "safety", "colour"),
    "use": ("fit_age", "howto", "care"),
}  # fmt: skip
_BAND_OF = {facet: band for band, facets in _BANDS.items() for facet in facets}


def banded(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Return the statements by the part of a text they belong to, in the order the seller comes to speak of each."""
    bands: dict[str, list[Unit]] = {}
    for unit in units:
        bands.setdefault(_BAND_OF.get(unit.facet.name, "work"), []).append(unit)
    return bands


def clustered(units: Sequence[Unit]) -> list[list[Unit]]:
    """Return the statements in their order, those about one thing brought together where the first of them stands."""
    clusters: dict[str, list[Unit]] = {}
    for at, unit in enumerate(units):
        alone = unit.facet.name in ("point", "detail", "caveat", "voice", "howto") and len(unit.text) > 4
        clusters.setdefault(f"{unit.facet.name}{at if alone else ''}", []).append(unit)
    return list(clusters.values())


def with_aside(sentence: str, aside: str) -> str:
    told = aside and not sentence[:-1].endswith("）")
    return sentence[:-1] + aside + sentence[-1] if told else sentence


def stopped(text: str) -> str:
    return text if text.endswith(_STOP) else text.rstrip("，；、：") + "。"


def _merged(clauses: Sequence[str]) -> list[str]:
    """Clauses that begin with one verb share it: 带可视窗、提手."""
    made: list[str] = []
    for clause in clauses:
        verb = next((verb for _, verb in _noun_verbs() if clause.startswith(verb)), "")
        same = [at for at, said in enumerate(made) if verb and said.startswith(verb) and "，" not in said + clause]
        if same:
            made[same[0]] += "、" + clause[len(verb) :]
        elif clause not in made:
            made.append(clause)
    return made


_VERB = re.compile(
    r"[是有带送用能可会要配含做打防免需支持适连接上下开关洗拆装放坐]|不(?![锈粘])|没|自动|一键|约|让|给|都|也|就|才|了|着|过|得"
)


def _has_verb(text: str) -> bool:
    return bool(_VERB.search(text))


@cache
def _noun_verbs() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), verb) for pattern, verb in load_copy_data("zh/wording.json")["nouns"])


@cache
def _label_entries() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(entry["of"]), entry) for entry in load_copy_data("zh/wording.json")["labels"])
