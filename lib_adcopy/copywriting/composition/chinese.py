"""Statements put into Chinese clauses: data/copy/zh/wording.json says how."""

from __future__ import annotations

import re
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
# A measure that names its own kind: 口径13cm.
_LABELLED = re.compile(
    r"(?P<label>直径|口径|高度?|宽度?|长度?|厚度?|净重|车重|单重|重量?|容量|功率|续航|电池|(?:最低|运行)?噪音|尺寸|座高|限重|承重|"
    r"载重|展开|收起|收纳|线长|额定容量|里程|档位|产地|保质期|海拔)(?P<value>[约近]?\d[^，、；]*)"
)
_STOP = tuple("。！？!?～…")
# Labels of numbers, which a value that names its own kind does without: 直径8mm, 电池8000mAh.
_MEASURED = ("尺寸", "大小", "规格", "容量", "重量", "数量", "功率", "高度", "特点", "功能", "性能", "参数")
# Roles whose label says no more than the role: 活动, 售后, 缺点.
_UNLABELLED = ("voice", "caveat", "point", "offer", "service")
_WHOLE_LABELS = {"高": "高度", "宽": "宽度", "长": "长度", "厚": "厚度", "重": "重量"}
# What a label that the seller did not write is often wrong about.
_DOUBTFUL = ("产地", "风格", "图案", "款式")
# A number that is no price, though a price stands beside it: 测了大概17度，去年是20.
_NO_MONEY = re.compile(r"\d ?[度℃%]|\d比\d|测了|去年是")
_GIFTS = ("赠", "送", "赠品", "赠送", "附赠", "加赠", "礼品")
_WORN_BY = {"女": "女款", "男": "男款", "女士": "女士款", "男士": "男士款"}
_WHERE = re.compile(r"两[边侧端]|[上下里内外侧]面?[^上下里内外侧]*$")
# A longer noun carries no verb of ours.
_LONGEST_NOUN = 8
_NO_LABEL = ("售后", "服务", "活动", "优惠", "福利")
_LISTS_BY_ITSELF = ("含", "内含", "里面", "附", "配", "送", "带", "一套", "共", "都", "每", "包含", "全套", "赠")
# Words for what something is made of, and values that are a time, an amount or a quality.
_MADE_OF = re.compile(r"(?:\{l\})?用的是")
_NO_MATERIAL = re.compile(r"换|^每|个月|分钟|^\d[\d.~-]*%$|^(?:有|微|高|无|四面)?弹力?$|^(?:加?厚|偏?薄|柔软|透气)$")
_SEVERAL = re.compile(r"[、/／]")
_AUDIENCE = re.compile(r"适|送|友好|可|能|也|都|给|用|建议|累|不|别|[^一-龥]")
_VERB = re.compile(
    r"[是有带送用能可会要配含做打防免需支持适连接上下开关洗拆装放坐]|不(?![锈粘])|没|自动|一键|约|让|给|都|也|就|才|了|着|过|得"
)


class ChineseClauses:
    """Puts single statements into words, in the register of one copy ("oral" or "formal")."""

    def __init__(self, plan: Plan, register: str, chooser: Chooser) -> None:
        self._brief, self._formal, self._chooser = plan.brief, register == "formal", chooser
        self._table: dict[str, Any] = load_copy_data("zh/wording.json")

    def clause(self, unit: Unit) -> str:
        """Return the statement as a clause of a sentence, without a stop at its end."""
        text = with_offered_currency(unit.text) if unit.role == "offer" else unit.text
        if unit.role == "price":
            return self._price(unit)
        if text in _WORN_BY:
            return _WORN_BY[text]
        if unit.role == "offer" and unit.label in _GIFTS and not re.match(r"送|赠|附|买", text):
            return f"送{text}"
        labelled = unit.label and (unit.role not in _UNLABELLED)
        if labelled and (unit.has_own_label or not self._brief.statements or is_list_of_colours(text)):
            return self._labelled(unit.label, text)
        if unit.role in ("service", "offer") and unit.has_own_label and len(text) <= 8 and not has_verb(text):
            return text if unit.label in _NO_LABEL else f"{unit.label}{text}"
        if unit.role == "audience":
            return text if _AUDIENCE.search(text) else f"适合{text}"
        if unit.role == "contents" and "、" in text and not text.startswith(_LISTS_BY_ITSELF):
            return f"里面有{text}"
        if is_number(text):
            return self._bare(unit)
        named = unit.role in ("attribute", "point") and "，" not in text and len(text) <= _LONGEST_NOUN
        if not named or _WHERE.search(text):
            return text
        verb = next((verb for pattern, verb in noun_verbs() if pattern.search(text)), "")
        unfit = re.search(r"\d|[一两整每][盒袋包套]", text) or has_verb(text[:-1])
        return text if not verb or text.startswith(verb) or unfit else verb + text

    def row(self, unit: Unit) -> tuple[str, str]:
        """(label, value) for a table of specifications; the label is "" where none is sure."""
        text = with_currency(unit.text) if unit.role == "price" else unit.text
        if unit.label and len(unit.label) <= 6 and (unit.has_own_label or unit.label not in _DOUBTFUL):
            return unit.label, text
        if named := _LABELLED.fullmatch(text):
            return _WHOLE_LABELS.get(named["label"], named["label"]), named["value"]
        if is_number(text):
            label = next((name for end, name in self._table["unit_labels"] if re.search(end, text)), "")
            return label or unit.facet.label, text
        return (unit.facet.label if unit.is_answer else ""), text

    def _price(self, unit: Unit) -> str:
        text = unit.text if _NO_MONEY.search(unit.text) else with_currency(unit.text)
        if unit.has_own_label and unit.label not in ("价格", "售价", "价", "价钱") and unit.label not in text:
            return f"{unit.label}{text}" if text[:1].isdigit() else f"{unit.label}：{text}"
        return text

    def _labelled(self, label: str, value: str) -> str:
        entry = next((entry for pattern, entry in _label_entries() if pattern.fullmatch(label)), None)
        own = re.match(r"[\u4e00-\u9fff]{1,6}[约近]?\d", value) and label in _MEASURED
        if label in value or own:
            return value
        if entry is None:
            short = value[:1].isdigit() or value[:1] in "约近" or len(value) <= 6
            return f"{label}{value}" if short and not re.search(r"[，；。、/ ]", value) else f"{label}：{value}"
        if _MADE_OF.match(entry["say"][0]) and (is_number(value) or _NO_MATERIAL.search(value)):
            return f"{label}{value}"
        several = _SEVERAL.search(value)
        frames = entry["formal"] if self._formal else entry["say"]
        if "one" in entry and not several:
            if "颜色" in label and not re.search(r"色|[黑白灰红蓝绿黄粉紫橙棕杏]$", value):
                return value
            frames = entry["formal"] if self._formal else entry["one"]
        listed = re.sub(r"(?<=[\u4e00-\u9fff])\s?[/／]\s?(?=[\u4e00-\u9fff])", "、", value)
        if frames[0].startswith("适合"):
            return value if re.match("适合|适用|给|不", value) else f"适合{value}"
        plain = not re.search(r"[，；。（]", value) and len(value) <= 14
        if plain and not (not several and has_verb(value) and frames[0] != "{v}"):
            return str(self._chooser.order(f"label {label}", frames)[0].format(v=listed, l=label))
        return f"{label}：{listed}" if frames[0] != "{v}" else listed

    def _bare(self, unit: Unit) -> str:
        label = next((name for end, name in self._table["unit_labels"] if re.search(end, unit.text)), "")
        if label:
            return self._chooser.order("bare label", [f"{label}{unit.text}", f"{unit.text}的{label}"])[0]
        frames = {} if self._brief.category == "food" else self._table["bare"]
        options = frames.get(unit.facet.name, ["{v}"])
        return str(self._chooser.order(f"bare {unit.facet.name}", options)[0].format(v=unit.text))


def is_list_of_colours(text: str) -> bool:
    """Tell whether the text is colours and nothing else: 黑色、白色 or 豆沙粉/雾蓝."""
    names = re.split(r"[、/／ ]", text)
    return len(names) > 1 and all(
        re.search(r"[色黑白灰红蓝绿黄粉紫橙棕杏青]$", name) and len(name) <= 5 for name in names
    )


def is_number(text: str) -> bool:
    """Tell whether the text is an amount and no more: 1.2L, 10枚."""
    return _PURE_NUMBER.fullmatch(text) is not None


def stopped(text: str) -> str:
    """Return the sentence with a stop at its end."""
    return text if text.endswith(_STOP) else text.rstrip("，；、：") + "。"


def merged(clauses: list[str]) -> list[str]:
    """Clauses that begin with one verb share it: 带可视窗、提手."""
    made: list[str] = []
    for clause in clauses:
        verb = next((verb for _, verb in noun_verbs() if clause.startswith(verb)), "")
        same = [at for at, said in enumerate(made) if verb and said.startswith(verb) and "，" not in said + clause]
        if same:
            made[same[0]] += "、" + clause[len(verb) :]
        elif clause not in made:
            made.append(clause)
    return made


def has_verb(text: str) -> bool:
    """Tell whether a clause has a verb of its own, so that none need be put before it."""
    return bool(_VERB.search(text))


@cache
def noun_verbs() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the verb that a noun without one takes, by the noun's end."""
    return tuple((re.compile(pattern), verb) for pattern, verb in load_copy_data("zh/wording.json")["nouns"])


@cache
def _label_entries() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple((re.compile(entry["of"]), entry) for entry in load_copy_data("zh/wording.json")["labels"])
