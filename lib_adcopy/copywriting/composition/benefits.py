"""Follow a statement by what it means to the buyer: data/copy/<language>/benefits.json.

An entry is {"when": a pattern searched in a statement, "of": a pattern searched in the product's name, "says": clauses
that can follow it after a comma}. What fits no entry is said as it is: a clause for a whole category is wrong for half
of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.plan import Plan, Unit

# So many of them a copy of medium length holds; 微博's 140 characters have room for one.
_MOST = {"taobao": 3, "jd": 2, "xiaohongshu": 2, "douyin": 2, "moments": 1, "wechat_mp": 3, "weibo": 1, "bilibili": 2}
_MORE_BY_LENGTH = {"short": -1, "medium": 0, "long": 2}
_ROLES = ("point", "attribute", "use")
# A statement of more characters says what it means itself.
_LONGEST_STATEMENT = {"zh": 22, "en": 50}
# A noun may be followed by so many characters of the name: 子, 款.
_TAIL = 1
_DENIED = re.compile(r"[不没无非未别]|另购|自备|另买|另付|\bnot? $|n't $")


class Benefits:
    """Chooses for one copy which statements are followed by what they mean, and by which clause."""

    def __init__(self, plan: Plan, chooser: Chooser, seed: int) -> None:
        self._clauses: dict[int, str] = {}
        most = max(0, _MOST[plan.brief.platform] + _MORE_BY_LENGTH[plan.brief.length])
        found = [(unit, says) for unit in plan.units if (says := list(_says_of(unit, plan)))]
        turn = seed % len(found) if found else 0
        for unit, says in [*found[turn:], *found[:turn]][:most]:
            said = chooser.pick(f"benefit {says[0]}", says)
            if said:
                self._clauses[id(unit)] = said

    def of(self, unit: Unit) -> str:
        """Return the clause that follows the statement, "" for none."""
        return self._clauses.get(id(unit), "")


def _says_of(unit: Unit, plan: Plan) -> Iterator[str]:
    """Yield the clauses that may follow a statement: none repeats the brief, none stands beside a warning it unsays."""
    if unit.role not in _ROLES or unit.second or len(unit.text) > _LONGEST_STATEMENT[plan.brief.language]:
        return
    for pattern, of, says in _facts(plan.brief.language):
        found = pattern.search(unit.text) if _is_of(plan.full, of) or _is_of(plan.name, of) else None
        denied = found and _DENIED.search(unit.text[max(0, found.start() - 2) : found.start()])
        if found and not denied and not _DENIED.search(unit.text[found.end() : found.end() + 3]):
            yield from (say for say in says if not _repeats(say, plan))
            return


def _is_of(name: str, of: re.Pattern[str]) -> bool:
    """Tell whether the name ends with such a noun: a 腰凳背带 is no 凳."""
    return any(found.end() >= len(name) - _TAIL for found in of.finditer(name))


def _repeats(say: str, plan: Plan) -> bool:
    """Tell whether the brief says it already, in a statement or a warning: some characters in a row are the same."""
    length = 3 if plan.is_zh else 12
    runs = {say[at : at + length] for at in range(len(say) - length + 1)}
    return any(run in plan.brief.text for run in runs)


@cache
def _facts(language: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str], Sequence[str]], ...]:
    entries = load_copy_data(f"{language}/benefits.json")["facts"]
    return tuple((re.compile(entry["when"]), re.compile(entry["of"]), entry["says"]) for entry in entries)
