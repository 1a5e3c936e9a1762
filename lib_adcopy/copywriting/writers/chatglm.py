"""ChatGLM as a writer: the AdvertiseGen prefix for first drafts of clothing, presets on the base model otherwise."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from lib_adcopy.copywriting.answers import lawful_brief, split_copy
from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.composition.plan import unsaid_statements
from lib_adcopy.copywriting.finishing import finish
from lib_adcopy.copywriting.instructions import after_rounds, held_to_wishes
from lib_adcopy.copywriting.platforms import platforms, shortened
from lib_adcopy.copywriting.review.said import says_fact
from lib_adcopy.copywriting.writers.answer_checks import faults, sample_faults, without_false_claims
from lib_adcopy.copywriting.writers.base import TextModel, TextPiece
from lib_adcopy.copywriting.writers.editing import edited
from lib_adcopy.copywriting.writers.presets import Presets
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement
from lib_adcopy.domain.writing import Sampling

# Two of AdvertiseGen's sentences at most, in characters.
_SHORT = 70
# How often an answer is sampled again, and how far apart the seeds are.
_RESAMPLES, _SEED_STEP = 2, 7919
# The small model's samples are tried again for so long.
_SAMPLE_SECONDS = 5.0
_PAIR_MARKS = re.compile("[#*]")


class ChatGLMWriter:
    """Writes through a TextModel. `prefix` names a loaded AdvertiseGen prefix, None leaves the base model alone.

    `asked_as` says that the prefix is a seller's own and in which form it was taught its briefs, "pairs" or "words":
    it writes the first draft of every brief, of whatever product.

    `ad_model` says that the model itself knows AdvertiseGen's form and nothing else, so it writes clothing's attributes
    in that form, and a revision as a new draft of the changed brief. Every sample of it is checked. What it cannot
    write, other products, briefs in English, samples that stay faulty, the templates write under their own name.

    An answer with changed facts or claims that nobody made is sampled again, at most twice; what it leaves out is
    added, what stays wrong is cut out.
    """

    id = "chatglm"

    def __init__(
        self,
        model: TextModel,
        *,
        prefix: str | None = None,
        asked_as: str = "",
        ad_model: bool = False,
        presets: Presets | None = None,
    ) -> None:
        self._model = model
        self._presets = presets or Presets()
        self._prefix, self._asked_as = prefix, asked_as if prefix is not None else ""
        self._ad_model = ad_model

    def write(
        self, brief: Brief, *, count: int, seed: int, sampling: Sampling, stop: threading.Event
    ) -> Iterator[Draft]:
        seeds = [seed + index for index in range(count)]
        if self._ad_model and not self._asked_as and not _is_adgen(brief):
            yield from TemplateWriter().write(brief, count=count, seed=seed, sampling=sampling, stop=stop)
            return
        if self._ad_model or self._asked_as:
            lawful = lawful_brief(brief)
            query = _as_taught(lawful, self._asked_as) if self._asked_as else _pairs(lawful)
            yield from self._drafts(brief, query, seeds, sampling, stop, prefix=self._prefix, raw=True)
            return
        tuned = bool(brief.attributes) and self._prefix is not None
        query = brief.adgen if tuned else self._presets.query("write", brief)
        prefix = self._prefix if tuned else None
        yield from self._drafts(brief, query, seeds, sampling, stop, prefix=prefix, raw=tuned)

    def revise(
        self,
        brief: Brief,
        chosen: Copy,
        instruction: str,
        history: Sequence[tuple[str, Copy]],
        *,
        seed: int,
        sampling: Sampling,
        stop: threading.Event,
    ) -> Iterator[Draft]:
        wanted = after_rounds(brief, history, instruction)
        if self._ad_model and (mended := edited(brief, chosen, instruction, history, seed)):
            yield Draft(0, mended, done=True)
            return
        if self._ad_model:
            drafts = self.write(wanted, count=1, seed=seed, sampling=sampling, stop=stop)
        else:
            # The model keeps as many of them as leave its answer room, the newest first.
            rounds = [(asked, copy.text) for asked, copy in history]
            query = self._presets.query("revise", wanted, copy=chosen.text, instruction=instruction)
            drafts = self._drafts(wanted, query, [seed], sampling, stop, history=rounds)
        for draft in drafts:
            # A model may be told to be brief and go on.
            held = held_to_wishes(draft.copy, chosen, history, instruction) if draft.done else draft.copy
            yield replace(draft, copy=held)

    def _drafts(
        self,
        brief: Brief,
        query: str,
        seeds: Sequence[int],
        sampling: Sampling,
        stop: threading.Event,
        *,
        history: Sequence[tuple[str, str]] = (),
        prefix: str | None = None,
        raw: bool = False,
    ) -> Iterator[Draft]:
        deadline = time.monotonic() + _SAMPLE_SECONDS if self._is_checked else float("inf")
        asked = partial(
            self._model.stream, query, history=history, sampling=sampling, prefix=prefix, raw=raw, stop=stop
        )
        faulty: list[Draft] = []
        for piece in asked(seeds=seeds):
            draft = self._draft(brief, piece, seeds[piece.index], facts_only=raw)
            if piece.done and self._faults(brief, draft.copy) and not stop.is_set():
                faulty.append(draft)
                draft = replace(draft, done=False)
            yield draft
        for draft in faulty:
            yield self._sampled_again(brief, draft, asked, deadline, stop, facts_only=raw)

    def _sampled_again(
        self,
        brief: Brief,
        draft: Draft,
        asked: Callable[..., Iterator[TextPiece]],
        deadline: float,
        stop: threading.Event,
        *,
        facts_only: bool,
    ) -> Draft:
        """Return the best of the draft and at most two more samples; mended where a fault stays."""
        tried = [draft]
        for attempt in range(1, _RESAMPLES + 1):
            if stop.is_set() or time.monotonic() > deadline:
                break
            for piece in asked(seeds=[draft.copy.seed + attempt * _SEED_STEP]):
                if piece.done:
                    made = self._draft(brief, piece, draft.copy.seed, facts_only=facts_only)
                    tried.append(replace(made, index=draft.index))
                elif time.monotonic() > deadline:
                    break
            if not self._faults(brief, tried[-1].copy):
                return tried[-1]
        if self._is_checked:
            return replace(draft, copy=_in_its_place(brief, draft.copy.seed), done=True)
        best = min(tried, key=lambda one: len(self._faults(brief, one.copy)))
        cut = without_false_claims(brief, best.copy)
        whole = _with_title_and_hashtags(_with_all_facts(cut, brief), brief)
        return replace(best, copy=finish(whole, brief), done=True)

    def _faults(self, brief: Brief, copy: Copy) -> tuple[str, ...]:
        if copy.writer != self.id:
            return ()
        return sample_faults(brief, copy) if self._is_checked else faults(brief, copy)

    @property
    def _is_checked(self) -> bool:
        """Return whether it is the small model by itself that writes, whose samples are shown only where they are
        sound."""
        return self._ad_model and not self._asked_as

    def _draft(self, brief: Brief, piece: TextPiece, seed: int, *, facts_only: bool) -> Draft:
        copy = split_copy(piece.text, writer=self.id, seed=seed)
        if piece.done:
            # What is missing shows once the answer is finished; with what is added, it is finished again.
            kept = finish(copy, brief)
            kept = _as_asked(kept, brief) if facts_only else _with_all_facts(kept, brief)
            copy = finish(_with_title_and_hashtags(kept, brief), brief)
            if piece.text.strip() and not (copy.body and self._names_its_product(kept, brief)):
                copy = _in_its_place(brief, seed)
        return Draft(piece.index, copy, piece.done, piece.tokens, piece.seconds)

    def _names_its_product(self, copy: Copy, brief: Brief) -> bool:
        """A model this small makes a bowl of a mug. Clothing it knows by its attributes."""
        return not self._ad_model or bool(brief.attributes) or brief.product in copy.title + copy.body


def _is_adgen(brief: Brief) -> bool:
    """Return whether the brief is one of clothing in AdvertiseGen's form or words that are read into it."""
    return brief.language == "zh" and brief.category == "clothing" and bool(brief.attributes)


def _with_all_facts(copy: Copy, brief: Brief) -> Copy:
    """The answer with the statements it leaves out said behind it."""
    if not copy.body:
        return copy
    text = copy.title + copy.body
    unsaid = tuple(made for made in unsaid_statements(brief, text) if not _is_said(brief, made, text))
    if not unsaid:
        return copy
    news = replace(brief, text="", facts=(), statements=unsaid, attributes=(), points=(), audience="", stress=())
    beside = Composer(brief, copy.seed).additions(replace(news, tone="natural", length="medium"))
    return replace(copy, body=f"{copy.body}{'' if brief.language == 'zh' else ' '}{beside}")


def _is_said(brief: Brief, statement: Statement, text: str) -> bool:
    """Return whether the text words the statement freely: it has its numbers and nearly all of its characters."""
    return says_fact(text, Fact("feature", statement.text), brief.product)


def _as_asked(copy: Copy, brief: Brief) -> Copy:
    """AdvertiseGen's form has no word for length, tone, reader, stress or, beside clothing's attributes, selling
    points: they are cut or said after."""
    if not copy.body:
        return copy
    body = shortened(copy.body, _SHORT) if brief.length == "short" else copy.body
    unsaid = tuple(made for made in unsaid_statements(brief, body)) if brief.attributes else ()
    news = replace(brief, text="", facts=(), statements=unsaid, attributes=(), points=())
    beside = Composer(brief, copy.seed).additions(news)
    space = " " if brief.language == "en" and beside else ""
    return replace(copy, body=body + space + beside)


def _with_title_and_hashtags(copy: Copy, brief: Brief) -> Copy:
    """Add a title and as many hashtags as are usual there: what the prefix was tuned on has neither."""
    if not copy.body:
        return copy
    composer = Composer(brief, copy.seed)
    title, hashtags = composer.title(), composer.hashtags()
    fewest = max(platforms()[brief.platform].hashtags[0], len(copy.hashtags))
    enough = tuple(dict.fromkeys((*copy.hashtags, *hashtags)))[:fewest]
    branded = brief.names_brand(copy.title + copy.body)
    title = copy.title if copy.title and branded else title
    # Where the title has no room for it, the brand goes first.
    opened = branded or brief.names_brand(title)
    body = copy.body if opened else f"{brief.own_brand}｜{copy.body}"
    return replace(copy, title=title, body=body, hashtags=enough)


def _in_its_place(brief: Brief, seed: int) -> Copy:
    """Return what the template writer says where nothing of the model's answer may be posted."""
    drafts = TemplateWriter().write(brief, count=1, seed=seed, sampling=Sampling(), stop=threading.Event())
    return list(drafts)[-1].copy


def _as_taught(brief: Brief, form: str) -> str:
    """The brief as the seller wrote it where that is the form his prefix was taught, else put into it."""
    from lib_adcopy.copywriting.brief import parse_brief

    read = parse_brief(brief.text)
    unchanged = (read.attributes, read.points) == (brief.attributes, brief.points)
    if unchanged and ("#" in brief.text) == (form == "pairs"):
        return brief.text
    values = [value for _, value in brief.attributes]
    return _pairs(brief) if form == "pairs" else "，".join(dict.fromkeys((brief.product, *values, *brief.points)))


def _pairs(brief: Brief) -> str:
    """The brief in AdvertiseGen's form; the product is the first pair where no attribute names it.

    Clothing's selling points are left out: no pair of the form has them, and they lead such a model astray.
    """
    named = brief.product_pair is not None or bool(brief.attributes and not brief.points)
    points = () if named else brief.points[1:]
    last = {pair: pair[0] != "类型" and kind_of_attribute(pair[0]) not in brief.stress for pair in brief.attributes}
    attributes = sorted(brief.attributes, key=lambda pair: last[pair])
    product = () if named else (("产品", brief.product),)
    pairs = [*product, *attributes, *(("卖点", point) for point in points)]
    return "*".join(f"{name}#{_PAIR_MARKS.sub('', value)}" for name, value in pairs)
