"""Follow a statement by what it means to the buyer: data/copy/zh/benefits, a file a category and general.json.

A file's "facts" are {"when": a pattern searched in a statement, "says": clauses that can follow it after a comma, "of":
a pattern searched in the product's name where the clauses fit no other}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.plan import Plan, Unit
from lib_adcopy.copywriting.composition.scenes import says_little
from lib_adcopy.copywriting.vocabulary import DATA

# So many of them a copy of medium length holds; 微博's 140 characters have room for one.
_MOST = {"taobao": 3, "jd": 2, "xiaohongshu": 3, "douyin": 2, "moments": 2, "wechat_mp": 4, "weibo": 1, "bilibili": 3}
_ROLES = ("point", "attribute", "use")
# A statement of more characters says what it means itself.
_LONGEST_STATEMENT = 22
_DENIED = re.compile(r"[不没无非未]")


class Benefits:
    """Chooses for one copy which statements are followed by what they mean, and by which clause."""

    def __init__(self, plan: Plan, chooser: Chooser, seed: int) -> None:
        self._clauses: dict[int, str] = {}
        if not plan.is_zh:
            return
        found = [(unit, says) for unit in plan.units if (says := list(_says_of(unit, plan)))]
        # Every other one, beginning elsewhere in the next candidate, so that no two stand side by side; a brief that
        # says little lets all be told.
        turn = seed % 2 if len(found) > 1 else 0
        told = found if says_little(plan) else [*found[turn::2], *found[1 - turn :: 2]]
        for unit, says in told[: _most(plan)]:
            said = chooser.pick(f"benefit {says[0]}", says)
            if said:
                self._clauses[id(unit)] = said

    def of(self, unit: Unit) -> str:
        """Return the clause that follows the statement, "" for none."""
        return self._clauses.get(id(unit), "")


def _most(plan: Plan) -> int:
    most = _MOST[plan.brief.platform]
    return max(1, most - 1) if plan.brief.length == "short" else most


def _says_of(unit: Unit, plan: Plan) -> Iterator[str]:
    """Yield the clauses that may follow a statement: none repeats the brief, none stands beside a warning it unsays."""
    if unit.role not in _ROLES or unit.second or len(unit.text) > _LONGEST_STATEMENT:
        return
    for pattern, of, says in _facts(plan.brief.category, plan.pack.category):
        found = pattern.search(unit.text) if of.search(plan.full) else None
        if found and not _DENIED.search(unit.text[max(0, found.start() - 2) : found.start()]):
            yield from (say for say in says if not _repeats(say, plan))
            return


def _repeats(say: str, plan: Plan) -> bool:
    """Tell whether the brief says it already, in a statement or a warning: three characters in a row are the same."""
    runs = {say[at : at + 3] for at in range(len(say) - 2)}
    return any(run in plan.brief.text for run in runs)


@cache
def _facts(category: str, family: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str], Sequence[str]], ...]:
    """Return the facts of the brief's category, then of its product's family, then the general ones."""
    homes = dict.fromkeys((category, family, "general"))
    names = [name for name in homes if (DATA / "copy/zh/benefits" / f"{name}.json").is_file()]
    entries = [entry for name in names for entry in load_copy_data(f"zh/benefits/{name}.json")["facts"]]
    return tuple((re.compile(entry["when"]), re.compile(entry.get("of", "")), entry["says"]) for entry in entries)
