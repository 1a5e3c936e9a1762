"""The use cases, joining the rooms: read a brief, write, revise, derive, draw, compose. Talks to ports only."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.app.events import Composed, Derived, Drawing, Drawn, Event, Loading, Writing, Written
from lib_adcopy.app.styles import Styling
from lib_adcopy.app.writers import TEMPLATE, WriterChoice, Writers
from lib_adcopy.copywriting.answers import without_bans
from lib_adcopy.copywriting.brief import Brief, parse_brief
from lib_adcopy.copywriting.instructions import after_rounds, names_a_change
from lib_adcopy.copywriting.platforms import fit
from lib_adcopy.copywriting.review import rank
from lib_adcopy.copywriting.writers.base import Sampling, Writer
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import DEVICES, POLICIES, Placement, Residency
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, DrawResult, Host, Picture
from lib_adcopy.i18n import language_of
from lib_adcopy.model_library.installer import Stock
from lib_adcopy.model_library.models import Library
from lib_adcopy.prompting.checkpoints import reads_chinese
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.glossary.translators import find_translator
from lib_adcopy.prompting.networks import keep_installed
from lib_adcopy.prompting.sizes import DEFAULT_FORMAT
from lib_adcopy.storage import CHUNK, Record, read, record_text, save
from lib_adcopy.training.service import Teaching

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger("adcopy.studio")
_SEEDS = random.SystemRandom()
# Finished creatives stand beside the host's own pictures, in a folder of this name.
_CREATIVES = "ad-copy"
# No folder's name.
AUTOMATIC = "*"
_OnLoading = Callable[[Loading], None]


def _nobody(event: Event) -> None:
    """Hears of what nobody asked about."""


@dataclass(frozen=True)
class WriteOptions:
    """Who writes and how. `prefix` None lets the base model write, AUTOMATIC the prefix for the brief's category where
    the model has one; `placement` None is the settings' own; `seed` -1 draws one; `count` at once."""

    writer: str = TEMPLATE
    prefix: str | None = None
    placement: Placement | None = None
    count: int = 1
    seed: int = -1
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True)
class Creative:
    """A finished creative, and where it was saved."""

    image: Image
    path: Path


@dataclass(frozen=True)
class Created:
    """What "Create ad" made. `result` and `creative` are None where it was stopped before them."""

    candidates: tuple[Copy, ...]
    prompt: Prompt
    result: DrawResult | None = None
    creative: Creative | None = None


class Studio:
    """One for a process; holds no user's text. What the user can mend is raised as AdCopyError."""

    def __init__(
        self,
        host: Host,
        library: Library | None = None,
        residency: Residency | None = None,
        *,
        creatives: Path | None = None,
    ) -> None:
        """`creatives` is where finished ones are saved, by default beside the host's pictures."""
        self.host = host
        paths = host.paths()
        self._creatives = creatives or paths.output / _CREATIVES
        self.library = library or Library((paths.models, *paths.extra_models))
        self.stock = Stock(host, self.library)
        self.styling = Styling(host)
        self.residency = residency or Residency(host)
        self._writers = Writers(self.library, self.residency, paths.data / "presets.json")
        self._translator = find_translator((paths.models, *paths.extra_models))
        self.teaching = Teaching(host, self.library, self.residency)

    # ---- what can be chosen

    def language(self) -> str | None:
        """ "zh" or "en" as the host is set, None where it leaves the choice to the browser."""
        tag = self.host.language()
        return language_of(tag) if tag else None

    def writers(self) -> tuple[WriterChoice, ...]:
        """The template writer, then every model folder found, the broken ones with their problem."""
        return self._writers.choices()

    def default_writer(self) -> str:
        return self._writers.default()

    def prefixes(self, writer: str | None = None) -> tuple[str, ...]:
        """All of them, or those that fit one writer."""
        found = self.library.prefixes() if writer is None else self.library.prefixes_of(writer)
        return tuple(entry.name for entry in found)

    def placement(self) -> Placement:
        """Where the settings want the language model."""
        device, policy = str(self.host.option("device", "auto")), str(self.host.option("policy", "auto"))
        return Placement(
            device if device in DEVICES else "auto",
            int(self.host.option("bits", 0)),
            policy if policy in POLICIES else "auto",
        )

    # ---- the steps

    def parse(self, text: str, **settings: Any) -> Brief:
        """The brief of a seller's words; `settings` are Brief's other fields."""
        return parse_brief(text, **settings)

    def write(
        self,
        brief: Brief,
        options: WriteOptions,
        *,
        stop: threading.Event,
        task_id: str = "",
        on_loading: _OnLoading = _nobody,
    ) -> Iterator[Writing | Written]:
        """Streams drafts, then all candidates reviewed, best first. A stopped writer's text is kept; `on_loading` hears
        of a model that is read before."""
        seed = options.seed if options.seed >= 0 else _SEEDS.randrange(2**31)
        prefix = options.prefix
        if prefix == AUTOMATIC:
            prefix = self.library.prefix_for(options.writer, brief.category)
        with self._at_work(options, prefix, stop, task_id, on_loading) as writer:
            drafts = writer.write(brief, count=options.count, seed=seed, sampling=options.sampling, stop=stop)
            yield from _reviewed(brief, drafts)

    def _at_work(
        self,
        options: WriteOptions,
        prefix: str | None,
        stop: threading.Event,
        task_id: str,
        on_loading: _OnLoading,
    ) -> AbstractContextManager[Writer]:
        return self._writers.at_work(
            options.writer,
            prefix=prefix,
            placement=options.placement or self.placement(),
            stop=stop,
            task_id=task_id,
            tokens=options.count * options.sampling.max_length,
            on_loading=lambda done, total: on_loading(Loading(done, total)),
        )

    def revise(
        self,
        brief: Brief,
        chosen: Copy,
        instruction: str,
        history: Sequence[tuple[str, Copy]],
        options: WriteOptions,
        *,
        stop: threading.Event,
        task_id: str = "",
        on_loading: _OnLoading = _nobody,
    ) -> Iterator[Writing | Written]:
        """As `write`, for one candidate changed by an instruction; `history` is the rounds before, oldest first.

        Without a seed in the options the candidate's own is kept where the instruction names a change, so that what it
        does not name stays; "another one" draws a new seed.
        """
        kept = chosen.seed if names_a_change(brief, instruction) else -1
        seed = next((seed for seed in (options.seed, kept) if seed >= 0), _SEEDS.randrange(2**31))
        with self._at_work(options, None, stop, task_id, on_loading) as writer:
            drafts = writer.revise(
                brief, chosen, instruction, history, seed=seed, sampling=options.sampling, stop=stop
            )
            # What a round takes out of the brief is not missing from its copy.
            yield from _reviewed(after_rounds(brief, history, instruction), drafts)

    def derive(
        self,
        brief: Brief,
        copy: Copy | None,
        style: str = "classic",
        *,
        writer: str = TEMPLATE,
        checkpoint: str = "",
        stop: threading.Event | None = None,
    ) -> Prompt:
        """The prompt for brief and copy, to be drawn with `checkpoint`, "" the loaded one. A big model that is already
        loaded is asked for the scene; none is loaded.
        """
        chosen = self.styling.style(style)
        paths = self.host.paths()
        return derive_prompt(
            brief,
            copy,
            chosen,
            self.host.networks(checkpoint),
            describe=self._writers.describer(writer, stop or threading.Event()),
            translate=self._translator,
            reads_chinese=reads_chinese(checkpoint or self.host.checkpoint()),
            count_tokens=lambda text: self.host.token_count(text, negative=False, steps=chosen.steps or 1)[0],
            user_glossary=paths.data / "words.csv",
        )

    def draw(
        self,
        prompt: Prompt,
        settings: DrawSettings,
        *,
        brief: Brief,
        copy: Copy | None = None,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        task_id: str = "",
        user: str = "",
    ) -> DrawResult:
        """Draws with the networks that are installed; tags typed for others are dropped and named in the notes."""
        if not self.host.can_draw:
            raise AdCopyError("studio.cannot_draw")
        positive, negative, notes = keep_installed(
            prompt.positive, prompt.negative, self.host.networks(settings.checkpoint)
        )
        if not positive.strip():
            raise AdCopyError("studio.empty_prompt")
        infotext = {"Ad Copy writer": copy.writer} if copy and copy.writer else {}
        chunks = {CHUNK: record_text(brief, copy, prompt, asdict(settings))}
        request = DrawRequest(positive, negative, settings, infotext, chunks, task_id, user)
        result = self.residency.draw(request, on_progress, stop)
        return replace(result, notes=(*notes, *result.notes))

    def create(
        self,
        brief: Brief,
        options: WriteOptions,
        *,
        style: str = "classic",
        settings: DrawSettings | None = None,
        format_name: str = DEFAULT_FORMAT,
        on_event: Callable[[Event], None],
        stop: threading.Event,
        task_id: str = "",
        user: str = "",
    ) -> Created:
        """Write, derive, draw and compose in one go; `on_event` hears of everything as it happens.

        `settings` are by default the style's and the format's. Without anything to draw with, the creative is set in
        type alone.
        """
        settings = settings or self.styling.settings(self.styling.style(style), format_name)
        candidates: tuple[Copy, ...] = ()
        for event in self.write(brief, options, stop=stop, task_id=task_id, on_loading=on_event):
            on_event(event)
            if isinstance(event, Written):
                candidates = event.candidates
        if not candidates:
            raise AdCopyError("studio.nothing_written")
        copy = candidates[0]
        prompt = self.derive(
            brief, copy, style, writer=options.writer, checkpoint=settings.checkpoint, stop=stop
        )
        on_event(Derived(prompt))
        result = None
        if self.host.can_draw and not stop.is_set():
            result = self.draw(
                prompt,
                settings,
                brief=brief,
                copy=copy,
                on_progress=lambda progress: on_event(Drawing(progress)),
                stop=stop,
                task_id=task_id,
                user=user,
            )
            on_event(Drawn(result))
        if stop.is_set() or (result and (result.interrupted or not result.pictures)):
            return Created(candidates, prompt, result)
        picture = result.pictures[0] if result else None
        creative = self.compose(brief, copy, picture, format_name, prompt=prompt, settings=settings)
        on_event(Composed(creative.image, creative.path))
        return Created(candidates, prompt, result, creative)

    def compose(
        self,
        brief: Brief,
        copy: Copy,
        picture: Picture | None,
        format_name: str,
        *,
        prompt: Prompt | None = None,
        settings: DrawSettings | None = None,
        seed: int = 0,
    ) -> Creative:
        """The finished creative at a platform's size, with the picture or, without one, in type alone; saved.

        `settings` are those the picture was drawn with; `seed` chooses among the ways to set it.
        """
        from lib_adcopy.creative import compose

        drawn = picture.image if picture else None
        image = compose(copy, drawn, format_name, category=brief.category, tone=brief.tone, seed=seed)
        drawing = asdict(replace(settings, seed=picture.seed)) if settings and picture else None
        text = record_text(brief, copy, prompt, drawing)
        return Creative(image, save(image, text, self._creatives, copy.title or brief.text))

    def restore(self, file: Path) -> Record:
        """What a picture or creative of ours was made from."""
        return read(file)

    def load(self, writer: str, *, stop: threading.Event, on_loading: _OnLoading = _nobody) -> None:
        """Loads a writer's model before it is asked to write."""
        self._writers.load(writer, self.placement(), stop, lambda done, total: on_loading(Loading(done, total)))

    def unload(self) -> bool:
        """Frees the language model; False where it is at work and is freed when it ends."""
        return self.residency.unload()

    def close(self) -> None:
        """Frees everything for good: Reload UI, the extension switched off."""
        self.stock.jobs.stop()
        self.residency.close()


def _reviewed(brief: Brief, drafts: Iterable[Draft]) -> Iterator[Writing | Written]:
    """What is written as it comes, then all of it reviewed: also what stood there when the writer failed."""
    latest: dict[int, Copy] = {}

    def candidates() -> Written:
        written = [fit(without_bans(latest[index]), brief.platform) for index in sorted(latest)]
        return Written(rank(brief, [copy for copy in written if copy.text.strip()]))

    try:
        for draft in drafts:
            latest[draft.index] = draft.copy
            yield Writing(draft)
    except Exception as error:
        if not latest:
            raise
        _log.exception("the writer failed after %d candidates had begun", len(latest))
        yield candidates()
        raise AdCopyError("studio.writer_failed", reason=str(error) or type(error).__name__) from error
    yield candidates()
