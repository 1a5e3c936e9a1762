"""A book for sale: its title in 《》 is its name, where the text speaks of it as of a book."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.reading.lexicon import Term
from lib_adcopy.copywriting.reading.product_noun import Noun, Run

_TITLE = re.compile("《[^《》\\n]{1,30}》")
_SIGNS = re.compile(
    "作者|[著译绘编]者?(?:[:：/]|$|(?=\\s))|出版|平装|精装|开本|\\d+开|\\d+页|ISBN|绘本|小说|诗集|散文|读本|签名本|首印|定价|全\\d+册|书(?!桌|柜|包|架|法|签|房)"
)
_ENOUGH = 2
_CATEGORY = "books"
# A thing made after a book is named behind its title: 《小王子》八音盒.
_THING_BEHIND = 6


def find_book(plain: str, runs: Sequence[Run], nouns: Sequence[Noun]) -> Noun | None:
    """The book that a text sells, None where it sells something else."""
    title = _TITLE.search(plain)
    if title is None or len(set(_SIGNS.findall(plain))) < _ENOUGH:
        return None
    first = nouns[0] if nouns else None
    if first and first.category == _CATEGORY and first.score < 5 and first.term.kind != "head":
        return None
    if first and first.category != _CATEGORY and title.end() <= first.start <= title.end() + _THING_BEHIND:
        return None
    run = next((each for each in runs if title.start() <= each.start < title.end()), None)
    if run is None:
        return None
    term = Term(title.group(), "book", "product", "", _CATEGORY)
    return Noun(title.start(), title.end(), term, run, 0, -60.0)
