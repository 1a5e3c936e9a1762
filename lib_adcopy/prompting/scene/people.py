"""Describe who wears the product in the picture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.domain.brief import Brief

# Words that have no place in a picture of a child.
NOT_FOR_CHILDREN = frozenset({"alluring style", "open back", "off-shoulder", "spaghetti straps"})


@dataclass(frozen=True)
class Wearer:
    """`words` as they stand in a prompt: "young woman"."""

    words: str
    is_child: bool = False

    def __format__(self, spec: str) -> str:
        return format(self.words, spec)


_WOMAN = Wearer("young woman")
# The first that the brief speaks of. Together they mean everybody: then the usual model stands for all.
_WEARERS = (
    (r"男女|亲子|情侣|unisex", _WOMAN),
    (r"女童|女孩|女宝|女大童|\bgirls?\b", Wearer("little girl", is_child=True)),
    (r"男童|男孩|男宝|男大童|\bboys?\b", Wearer("little boy", is_child=True)),
    (
        r"儿童|童装|小孩|小朋友|宝宝|婴|幼儿|中大童|\bkids?\b|\bchild(?:ren)?\b|\btoddler\b",
        Wearer("child", is_child=True),
    ),
    (r"孕妇|孕期|孕妈|\bmaternity\b|\bpregnant\b", Wearer("pregnant woman")),
    (r"中老年|老年|老人|奶奶|妈妈装|\belderly\b", Wearer("middle-aged woman")),
    (r"男(?!友|朋友|票|生看)|绅士|先生|爸爸|\bmen(?:'?s)?\b|\bman\b", Wearer("young man")),
)


def wearer(brief: Brief) -> Wearer:
    """Return the model for a garment, by the brief's words and its audience."""
    said = f"{affirmed(brief.text)} {brief.audience}".lower()
    return next((who for words, who in _WEARERS if re.search(words, said)), _WOMAN)
