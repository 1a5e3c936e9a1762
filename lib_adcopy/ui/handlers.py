"""What happens on a click. Every handler gets the session's state and plain values, and gives updates by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from lib_adcopy.copywriting.answers import split_copy, without_bans
from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.errors import AdCopyError
from lib_adcopy.events import Derived, Drawing, Drawn, Writing, Written
from lib_adcopy.hosts.base import DrawResult, DrawSettings, HiresFix
from lib_adcopy.i18n import translate
from lib_adcopy.prompting.prompt import Prompt
from lib_adcopy.prompting.sizes import plan_size
from lib_adcopy.studio import Studio, WriteOptions
from lib_adcopy.ui import render
from lib_adcopy.ui.streaming import Failed, Finished, Running, stream

Values = Mapping[str, Any]
_HISTORY_KEPT = 20


@dataclass(frozen=True)
class Session:
    """What one browser tab has made so far; kept by gradio for that tab alone."""

    candidates: tuple[Copy, ...] = ()
    rounds: tuple[tuple[str, Copy], ...] = ()
    pictures: tuple[Any, ...] = ()
    undo: tuple[str, ...] = ()


class Handlers:
    """One method a button. Names of inputs and outputs are fixed in events.py; `bind` matches them."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._running = Running()

    # ---- the steps

    def write(self, session: Session, task: str, language: str, values: Values, request: gr.Request) -> Iterator[dict]:
        def work(tell: Callable[[Any], None]) -> None:
            for event in self._studio.write(self._brief(values), _options(values), stop=stop, task_id=task):
                tell(event)

        stop = self._running.begin(_who(request))
        session = replace(session, undo=_kept(session, values.get("copy", "")))
        yield from self._shown(stream(work, stop), session, language, values)

    def revise(self, session: Session, task: str, language: str, values: Values, request: gr.Request) -> Iterator[dict]:
        def work(tell: Callable[[Any], None]) -> None:
            if not values["copy"].strip():
                raise AdCopyError("copywriting.empty_copy")
            chosen, brief = split_copy(values["copy"]), self._brief(values)
            rounds = self._studio.revise(
                brief, chosen, values["wish"], session.rounds, _options(values), stop=stop, task_id=task
            )
            for event in rounds:
                tell(event)

        stop = self._running.begin(_who(request))
        session = replace(session, undo=_kept(session, values["copy"]))
        for update in self._shown(stream(work, stop), session, language, values):
            done: Session = update["session"]
            if done.candidates is not session.candidates and done.candidates:
                rounds = (*session.rounds, (values["wish"], done.candidates[0]))[-_HISTORY_KEPT:]
                update["session"] = replace(done, rounds=rounds)
            yield update

    def derive(self, session: Session, task: str, language: str, values: Values, request: gr.Request) -> Iterator[dict]:
        def work(tell: Callable[[Any], None]) -> None:
            copy = split_copy(values["copy"]) if values["copy"].strip() else None
            brief, writer = self._brief(values), values["writer"]
            tell(Derived(self._studio.derive(brief, copy, values["style"], language=language, writer=writer)))

        stop = self._running.begin(_who(request))
        yield from self._shown(stream(work, stop), session, language, values)

    def draw(self, session: Session, task: str, language: str, values: Values, request: gr.Request) -> Iterator[dict]:
        def work(tell: Callable[[Any], None]) -> None:
            brief = self._brief(values)
            copy = split_copy(values["copy"]) if values["copy"].strip() else None
            prompt = Prompt(values["prompt"], values["negative_prompt"], style=values["style"])
            if not values["prompt"].strip():
                prompt = self._studio.derive(brief, copy, values["style"], language=language)
                tell(Derived(prompt))
            result = self._studio.draw(
                prompt,
                _settings(values),
                brief=brief,
                copy=copy,
                on_progress=lambda progress: tell(Drawing(progress)),
                stop=stop,
                task_id=task,
                user=getattr(request, "username", None) or "",
            )
            tell(Drawn(result))

        stop = self._running.begin(_who(request))
        yield from self._shown(stream(work, stop), session, language, values)

    def create(self, session: Session, task: str, language: str, values: Values, request: gr.Request) -> Iterator[dict]:
        def work(tell: Callable[[Any], None]) -> None:
            brief = self._brief(values)
            if values["mode"] == "copy":
                for event in self._studio.write(brief, _options(values), stop=stop, task_id=task):
                    tell(event)
                return
            made = self._studio.create(
                brief,
                _options(values),
                style=values["style"],
                settings=_settings(values),
                language=language,
                on_event=tell,
                stop=stop,
                task_id=task,
                user=getattr(request, "username", None) or "",
            )
            if made.result is None and not stop.is_set():
                tell(_Poster(self._studio.poster(brief, made.candidates[0], None, values["format"])))

        stop = self._running.begin(_who(request))
        session = replace(session, undo=_kept(session, values.get("copy", "")))
        yield from self._shown(stream(work, stop), session, language, values)

    def poster(self, session: Session, task: str, language: str, values: Values, request: gr.Request) -> Iterator[dict]:
        def work(tell: Callable[[Any], None]) -> None:
            if not values["copy"].strip():
                raise AdCopyError("copywriting.empty_copy")
            picture = next((image for image in session.pictures), None)
            brief, copy = self._brief(values), split_copy(values["copy"])
            seed = len(session.pictures)
            tell(_Poster(self._studio.poster(brief, copy, picture, values["format"], seed=seed)))

        stop = self._running.begin(_who(request))
        yield from self._shown(stream(work, stop), session, language, values)

    def interrupt(self, language: str, request: gr.Request) -> str:
        self._running.stop(_who(request))
        self._studio.host.interrupt()
        return render.status(translate("ui.status.stopping", language), kind="busy")

    def skip(self) -> None:
        self._studio.host.skip()

    # ---- the small ones

    def choose(self, session: Session, language: str, chosen: str | None, platform: str) -> tuple[Any, str]:
        names = render.choices(session.candidates, language)
        if chosen not in names:
            return gr.update(), ""
        copy = session.candidates[names.index(chosen)]
        return copy.text, render.review(copy, platform, language)

    def review(self, language: str, brief: str, platform: str, tone: str, length: str, copy: str) -> str:
        if not brief.strip() or not copy.strip():
            return ""
        parsed = self._brief({"brief": brief, "platform": platform, "tone": tone, "length": length})
        written = split_copy(copy)
        return render.review(replace(written, review=review_copy(parsed, written)), platform, language)

    def lawful(
        self, language: str, brief: str, platform: str, tone: str, length: str, copy: str
    ) -> tuple[str, str]:
        better = without_bans(split_copy(copy)).text
        return better, self.review(language, brief, platform, tone, length, better)

    def undo(self, session: Session, copy: str) -> tuple[Session, str]:
        if not session.undo:
            return session, copy
        return replace(session, undo=session.undo[:-1], rounds=session.rounds[:-1]), session.undo[-1]

    def tokens(self, positive: str, negative: str, steps: int) -> str:
        count = self._studio.host.token_count
        pair = (count(positive, negative=False, steps=steps), count(negative, negative=True, steps=steps))
        return " · ".join(map(render.tokens, pair))

    def size(self, format_name: str) -> tuple[int, int]:
        plan = plan_size(format_name, self._studio.host.networks().base)
        return plan.width, plan.height

    def refresh(self, language: str) -> tuple[Any, Any]:
        writers = [(choice.title.text(language), choice.id) for choice in self._studio.writers()]
        prefixes = [(translate("ui.no_prefix", language), ""), *((name, name) for name in self._studio.prefixes())]
        return gr.update(choices=writers), gr.update(choices=prefixes)

    def unload(self, language: str) -> str:
        self._studio.unload()
        return render.status(translate("ui.status.unloaded", language), kind="done")

    # ---- inside

    def _brief(self, values: Values) -> Brief:
        settings = {name: values[name] for name in ("platform", "tone", "length")}
        return self._studio.parse(values["brief"] or "", **settings)

    def _shown(self, events: Iterator[Any], session: Session, language: str, values: Values) -> Iterator[dict]:
        """Each event as updates by component name; the session grows by what is finished."""

        def say(key: str, kind: str = "busy", **facts: object) -> str:
            return render.status(translate(f"ui.status.{key}", language, **facts), kind=kind)

        ended = say("done", "done")
        yield {"session": session, "status": say("working")}
        for event in events:
            update: dict[str, Any] = {}
            if isinstance(event, Writing):
                draft = event.draft
                pace = draft.tokens / draft.seconds if draft.seconds else 0
                update["status"] = say("pace", pace=f"{pace:.1f}") if pace else say("writing")
                update.update({"copy": draft.copy.text} if draft.index == 0 else {})
            elif isinstance(event, Written) and event.candidates:
                session = replace(session, candidates=event.candidates)
                update = self._written(event.candidates, language, values["platform"])
            elif isinstance(event, Derived):
                update = self._derived(event.prompt, language)
            elif isinstance(event, Drawing):
                progress = event.progress
                key = "queued" if progress.queued else "drawing"
                update["status"] = say(key, percent=round(100 * progress.fraction))
            elif isinstance(event, Drawn):
                session = replace(session, pictures=tuple(picture.image for picture in event.result.pictures))
                update = self._drawn(event.result, language)
                ended = say("interrupted", "done") if event.result.interrupted else ended
            elif isinstance(event, _Poster):
                update["gallery"] = [event.image, *session.pictures]
            elif isinstance(event, Failed):
                update["status"] = render.status(self._sentence(event.error, language), kind="error")
            elif isinstance(event, Finished):
                update["status"] = ended
            yield {"session": session, **update}

    def _written(self, candidates: Sequence[Copy], language: str, platform: str) -> dict[str, Any]:
        names = render.choices(candidates, language)
        return {
            "candidates": gr.update(choices=names, value=names[0], visible=len(names) > 1),
            "copy": candidates[0].text,
            "review": render.review(candidates[0], platform, language),
        }

    def _derived(self, prompt: Prompt, language: str) -> dict[str, Any]:
        return {
            "prompt": prompt.positive,
            "negative_prompt": prompt.negative,
            "tokens": self.tokens(prompt.positive, prompt.negative, 20),
            "notes": render.notes(prompt.notes, language),
        }

    def _drawn(self, result: DrawResult, language: str) -> dict[str, Any]:
        images = [picture.image for picture in result.pictures]
        shown: dict[str, Any] = {"gallery": [result.grid, *images] if result.grid else images}
        shown["generation_info"] = result.generation_info
        if result.pictures:
            shown["infotext"] = render.infotext(result.pictures[0].infotext)
        if result.notes:
            shown["notes"] = render.notes(result.notes, language)
        return shown

    def _sentence(self, error: Exception, language: str) -> str:
        if isinstance(error, AdCopyError):
            return error.message.text(language)
        return translate("ui.status.fault", language, fault=type(error).__name__)


@dataclass(frozen=True)
class _Poster:
    image: Any


def _who(request: gr.Request | None) -> str:
    return str(getattr(request, "session_hash", "") or "")


def _kept(session: Session, copy: str) -> tuple[str, ...]:
    return (*session.undo, copy)[-_HISTORY_KEPT:] if copy.strip() else session.undo


def _options(values: Values) -> WriteOptions:
    return WriteOptions(
        writer=values["writer"],
        prefix=values["prefix"] or None,
        count=int(values["count"]),
        seed=int(values["copy_seed"] if values["copy_seed"] is not None else -1),
        sampling=Sampling(
            temperature=values["temperature"], top_p=values["top_p"], max_length=int(values["max_length"])
        ),
    )


def _settings(values: Values) -> DrawSettings:
    scale = float(values["hires_scale"])
    return DrawSettings(
        width=int(values["width"]) // 8 * 8,
        height=int(values["height"]) // 8 * 8,
        steps=int(values["steps"]),
        sampler=values["sampler"] or "",
        scheduler=values["scheduler"] or "",
        cfg_scale=float(values["cfg_scale"]),
        seed=int(values["seed"] if values["seed"] is not None else -1),
        batch_count=int(values["batch_count"]),
        clip_skip=int(values["clip_skip"]),
        hires=HiresFix(scale=scale) if scale > 1 else None,
    )
