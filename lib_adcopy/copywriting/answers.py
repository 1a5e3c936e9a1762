"""A model's answer made into copy: cleaned, split into title, body and hashtags, rid of banned words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.law import apply_suggestion, check_text
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy

_MARKUP = re.compile(r"<[^<>]{0,200}>|[<>]")
# What a chat model sets headings and stress in; a post shows the signs.
_MARKDOWN = re.compile(r"\*\*|__|`+|^[ \t]*(?:#{1,6}[ \t]+|>[ \t]+|[-*+][ \t]+|[-*_]{3,}[ \t]*$)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LABELS = "标题|正文|文案|修改后的文案|话题|标签|Title|Text|Post|Tags|Hashtags"
_LABEL = re.compile(rf"^\s*(?:{_LABELS})\s*[:：]\s*", re.IGNORECASE)
# A sign after the tag closes it (#话题#), unless it opens the next one (#连衣裙#穿搭).
_TAG = re.compile(r"[#＃](\w{1,20})(?:[#＃](?!\w))?")
_CLOSED_TAG = re.compile(r"[#＃]\w{1,20}[#＃](?!\w)")
# "话题：桌面 马克杯": tags that a model lists without their sign.
_TAG_LINE = re.compile(r"^\s*(?:话题|标签|Tags|Hashtags)\s*[:：](?P<tags>.*)$", re.IGNORECASE)
_TAG_ENDS = re.compile(r"[\s,，、;；/|]+")
_TITLE_AT_MOST = 40
_CLAUSE_END = re.compile(r"[，、；：,;。！？!?\n｜|]")
_PAUSES = "，、；：,;｜|"


def split_copy(text: str, *, writer: str = "", seed: int = -1) -> Copy:
    """Title on a first line of its own, hashtags anywhere, the rest is the body; no markup, no control characters."""
    cleaned = _CONTROL.sub("", _MARKDOWN.sub("", _MARKUP.sub("", text.replace("<UNK>", ""))))
    hashtags = tuple(dict.fromkeys(_TAG.findall(cleaned)))
    lines = []
    for line in _TAG.sub("", cleaned).splitlines():
        if listed := _TAG_LINE.match(line):
            named = filter(None, map(_plain_tag, _TAG_ENDS.split(listed["tags"])))
            hashtags = tuple(dict.fromkeys((*hashtags, *named)))
        else:
            lines.append(_LABEL.sub("", line).strip())
    lines = [line for line in lines if line]
    titled = len(lines) > 1 and len(lines[0]) <= _TITLE_AT_MOST
    title, body = (lines[0], lines[1:]) if titled else ("", lines)
    made = Copy(title.strip("《》\"“”"), "\n".join(body), hashtags, writer, seed)
    return replace(made, tag_form="#{}#") if _CLOSED_TAG.search(cleaned) else made


def _plain_tag(word: str) -> str:
    plain = re.sub(r"\W", "", word)
    return plain if len(plain) <= 20 else ""


def without_bans(copy: Copy) -> Copy:
    """The copy with every "ban" finding reworded, or its clause left out where no other word can stand there."""
    hashtags = tuple(filter(None, map(_lawful, copy.hashtags)))
    return replace(copy, title=_lawful(copy.title), body=_lawful(copy.body), hashtags=hashtags)


def lawful_brief(brief: Brief) -> Brief:
    """The brief with every "ban" finding in its attributes, points, facts and statements reworded or cut out."""
    attributes = ((name, _lawful_word(value)) for name, value in brief.attributes)
    points = filter(None, map(_lawful_word, brief.points))
    facts = tuple(replace(fact, text=text) for fact in brief.facts if (text := _lawful_word(fact.text)))
    kept = tuple(pair for pair in attributes if pair[1])
    statements = tuple(replace(made, text=text) for made in brief.statements if (text := _lawful_statement(made.text)))
    return replace(brief, attributes=kept, points=tuple(points), facts=facts, statements=statements)


def without_words(copy: Copy, words: Sequence[str]) -> Copy:
    """The copy without the clauses and hashtags that hold a word the seller wants avoided."""
    pattern = re.compile("|".join(re.escape(word) for word in words if word), re.IGNORECASE)
    if not pattern.pattern:
        return copy

    def cleaned(text: str) -> str:
        while found := pattern.search(text):
            text = _without_clause(text, found.start(), found.end())
        return text

    hashtags = tuple(tag for tag in copy.hashtags if not pattern.search(tag))
    return replace(copy, title=cleaned(copy.title), body=cleaned(copy.body), hashtags=hashtags)


def _lawful(text: str) -> str:
    # From the end, and again: a rewording may bring two halves together that are a claim only now.
    while banned := [finding for finding in check_text(text) if finding.level == "ban"]:
        last = banned[-1]
        text = apply_suggestion(text, last) if last.replacement else _without_clause(text, last.start, last.end)
    return text


def _lawful_word(word: str) -> str:
    """Do as _lawful, for a few words that are no sentence: 全国第一的面膜 names a product all the same."""
    cut = word
    while banned := [finding for finding in check_text(cut) if finding.level == "ban"]:
        last = banned[-1]
        cut = apply_suggestion(cut, last) if last.replacement else cut[: last.start] + cut[last.end :]
    return word if cut == word else cut.strip("的之 ")


def _lawful_statement(text: str) -> str:
    """Do as _lawful, but what is left of a lone word is the word: the seller's product is not lost with its praise."""
    return _lawful(text) or _lawful_word(text)


def _without_clause(text: str, start: int, end: int) -> str:
    """The text without the clause around [start:end]; a sentence that loses its last clause keeps its full stop."""
    before = [match.end() for match in _CLAUSE_END.finditer(text, 0, start)]
    after = _CLAUSE_END.search(text, end)
    kept = text[: before[-1] if before else 0]
    mark, rest = (after.group(), text[after.end() :]) if after else ("", "")
    if kept and kept[-1] in _PAUSES and mark not in _PAUSES:
        kept = kept[:-1] + mark
    return (kept + rest).strip()
