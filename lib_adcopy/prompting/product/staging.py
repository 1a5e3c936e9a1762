"""Finds the place of what is done for the buyer: a service or a course is shown by its place, never by an appliance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.script import simplified
from lib_adcopy.domain.brief import Brief
from lib_adcopy.prompting.glossary.glossary import Glossary

_CATEGORIES = ("services", "courses")
_ENDING = re.compile("(?:课程?|班|营|服务|店)$")
# Headings under which a course says what is taught.
_TAUGHT = re.compile("课程|内容|科目|项目|课题|学什么|教什么")
_INDOORS = re.compile("^(?:in|at|on) (?:an? |the )?")
_WORD = re.compile(r"[a-z]{4,}")
# Stems that tell how a lesson is given and not of what.
_ANY_LESSON = frozenset((
    "体验", "线上", "小班", "公开", "直播", "录播", "训练", "试听", "大师", "培训", "集训", "一对一", "线下", "租赁",
))  # fmt: skip
# Words of scenes that tell nothing of what is done there.
_PLAIN = frozenset((
    "with", "room", "bright", "clean", "modern", "table", "desk", "studio", "tidy", "wooden", "open", "books", "calm",
    "small", "chair", "workshop", "course", "class", "training", "lesson", "lessons", "driving", "home", "same",
    "inside", "beside", "tools", "video", "showing", "online",
    "chinese",
))  # fmt: skip


def staged_scene(brief: Brief, glossary: Glossary) -> str:
    """The scene of the work or lesson that a brief offers, "" where no word tells it."""
    names = [fact.value or fact.text for fact in brief.facts_of("name")]
    said = [each.text for each in brief.statements_of("product")]
    if brief.language == "en":
        return _by_english(" ".join([*names, *said, *brief.points]).lower(), glossary)
    taught = [each.text for each in brief.statements if _TAUGHT.search(each.label)]
    shop = _room(names, glossary) if brief.category == "services" else ""
    return shop or _by_words([*names, *said], glossary) or _by_words(taught, glossary)


def _room(names: Sequence[str], glossary: Glossary) -> str:
    """The inside of a shop that is named by a word for a scene: 咖啡馆; "" for another name."""
    places = tuple(term.zh for term in glossary.terms("service"))
    for name in names:
        if simplified(name).endswith(places):
            continue
        rooms = [term.en for term in glossary.terms("room", "occasion", "place") if simplified(name).endswith(term.zh)]
        if rooms:
            return _INDOORS.sub("", max(rooms, key=len))
    return ""


def _by_words(texts: Sequence[str], glossary: Glossary) -> str:
    """The scene of the longest word for work or a lesson in Chinese texts, "" for none."""
    text = simplified(" ".join(texts)).lower()
    found = [
        (len(stem), term.en)
        for term in glossary.terms("service")
        if len(stem := _ENDING.sub("", term.zh.lower())) > 1 and stem in text and stem not in _ANY_LESSON
    ]
    return max(found)[1] if found else ""


def _by_english(text: str, glossary: Glossary) -> str:
    """The scene that shares most words with an English brief."""
    said = set(_WORD.findall(text)) - _PLAIN
    scenes = {term.en for term in glossary.terms("service") if term.category in _CATEGORIES}
    scored = [(len(said & set(_WORD.findall(scene))), -len(scene), scene) for scene in scenes]
    best = max(scored, default=(0, 0, ""))
    return best[2] if best[0] else ""
