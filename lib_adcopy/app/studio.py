"""The use cases: read a brief, write, revise, derive a prompt, draw, compose. Each takes an Ad and returns an Ad with
one more part filled in. Knows ports only."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.app.creative_studio import CreativeStudio
from lib_adcopy.app.events import Composed, Derived, Drawing, Drawn, Event, Loading, Writing, Written
from lib_adcopy.app.photo_studio import PhotoStudio
from lib_adcopy.app.reviewing import reviewed_drafts
from lib_adcopy.app.server import WritingServer
from lib_adcopy.app.styles import Styling
from lib_adcopy.app.writers import WriterChoice, Writers
from lib_adcopy.copywriting.instructions import after_rounds, names_a_change
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.record import Record
from lib_adcopy.domain.writing import AUTOMATIC
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import DEVICES, POLICIES, ModelManager, ModelPlacement, ModelUse
from lib_adcopy.gpu.policy import expected_tokens
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, Host
from lib_adcopy.i18n import language_of
from lib_adcopy.model_library.installer import ModelInstaller
from lib_adcopy.model_library.models import Library
from lib_adcopy.prompting.checkpoints import reads_chinese
from lib_adcopy.prompting.glossary.translators import find_translator
from lib_adcopy.prompting.networks import keep_installed
from lib_adcopy.storage import CHUNK, read, record_text
from lib_adcopy.storage.ownership import OWNERS_FILE, Ownership
from lib_adcopy.training.service import TrainingService

if TYPE_CHECKING:
    from lib_adcopy.copywriting.writers.base import Writer

_SEEDS = random.SystemRandom()
# Finished creatives stand beside the host's own pictures, in a folder of this name.
_CREATIVES = "ad-copy"
# A copy's seed chooses among as many ways to set it.
_LAYOUT_SEEDS = 24


def _ignore(event: Event) -> None:
    """No-op event handler."""


class Studio:
    """One for a process; holds no user's text. What the user can mend is raised as AdCopyError."""

    def __init__(
        self,
        host: Host,
        library: Library | None = None,
        models: ModelManager | None = None,
        *,
        creatives: Path | None = None,
    ) -> None:
        """`creatives` is where finished ones are saved, by default beside the host's pictures."""
        self.host = host
        paths = host.paths()
        self.creative = CreativeStudio(creatives or paths.output / _CREATIVES, paths.data)
        self.library = library or Library((paths.models, *paths.extra_models))
        self.installer = ModelInstaller(host, self.library)
        ownership = Ownership(paths.data / OWNERS_FILE)
        self.styling = Styling(host, ownership)
        self.models = models or ModelManager(host)
        self.server = WritingServer(host)
        self._writers = Writers(self.library, self.models, paths.data / "presets.json", self.server)
        self._translator = find_translator((paths.models, *paths.extra_models))
        self.photos = PhotoStudio(host, self.styling, self.models, self.creative.folder, self._translator)
        self.training = TrainingService(host, self.library, self.models, ownership)

    # ---- what can be chosen

    def language(self) -> str | None:
        """ "zh" or "en" as the host is set, None where it leaves the choice to the browser."""
        tag = self.host.language()
        return language_of(tag) if tag else None

    def writers(self) -> tuple[WriterChoice, ...]:
        """List the template writer, every model folder, the broken ones with their problem, and the user's server."""
        return self._writers.choices()

    def default_writer(self) -> str:
        """Return the writer a new page begins with."""
        return self._writers.default()

    def default_model(self) -> str:
        """Return the model that writes where one is asked for without a name."""
        return self._writers.default_model()

    def prefixes(self, writer: str | None = None) -> tuple[str, ...]:
        """List all prefixes, or those that fit one writer."""
        found = self.library.prefixes() if writer is None else self.library.prefixes_of(writer)
        return tuple(entry.name for entry in found)

    def placement(self) -> ModelPlacement:
        """Return where the settings want the language model."""
        device, policy = str(self.host.option("device", "auto")), str(self.host.option("policy", "auto"))
        return ModelPlacement(
            device if device in DEVICES else "auto",
            int(self.host.option("bits", 0)),
            policy if policy in POLICIES else "auto",
        )

    # ---- the steps

    def parse(self, text: str, **settings: Any) -> Brief:
        """Read a seller's words into a brief; `settings` are Brief's other fields."""
        from lib_adcopy.copywriting.brief import parse_brief

        return parse_brief(text, **settings)

    def write(
        self,
        ad: Ad,
        *,
        stop: threading.Event,
        task_id: str = "",
        on_loading: Callable[[Loading], None] = _ignore,
    ) -> Iterator[Writing | Written]:
        """Stream drafts, then the ad with all its candidates reviewed, the best first and chosen.

        A stopped writer's text is kept. `on_loading` is called while a model is read before.
        """
        seed = ad.writing.seed if ad.writing.seed >= 0 else _SEEDS.randrange(2**31)
        with self._open_writer(ad, stop, task_id, on_loading) as writer:
            options = ad.writing
            drafts = writer.write(ad.brief, count=options.count, seed=seed, sampling=options.sampling, stop=stop)
            yield from reviewed_drafts(ad, ad.brief, drafts)

    def revise(
        self,
        ad: Ad,
        instruction: str,
        history: Sequence[tuple[str, Copy]],
        *,
        stop: threading.Event,
        task_id: str = "",
        on_loading: Callable[[Loading], None] = _ignore,
    ) -> Iterator[Writing | Written]:
        """Change the ad's copy by an instruction, as `write` streams; `history` is the rounds before, oldest first.

        Without a seed in the options the copy's own is kept where the instruction names a change, so that what it does
        not name stays; "another one" draws a new seed.
        """
        copy = ad.copy or Copy("", "")
        own = copy.seed if names_a_change(ad.brief, instruction) else -1
        seed = next((seed for seed in (ad.writing.seed, own) if seed >= 0), _SEEDS.randrange(2**31))
        options = replace(ad.writing, prefix="")
        with self._open_writer(replace(ad, writing=options), stop, task_id, on_loading) as writer:
            drafts = writer.revise(
                ad.brief, copy, instruction, history, seed=seed, sampling=options.sampling, stop=stop
            )
            # What a round takes out of the brief is not missing from its copy.
            yield from reviewed_drafts(ad, after_rounds(ad.brief, history, instruction), drafts)

    def _open_writer(
        self, ad: Ad, stop: threading.Event, task_id: str, on_loading: Callable[[Loading], None]
    ) -> AbstractContextManager[Writer]:
        options = ad.writing
        prefix: str | None = options.prefix or None
        if prefix == AUTOMATIC:
            prefix = self.library.prefix_for(options.writer, ad.brief.category)
        use = ModelUse(
            self.placement(),
            stop,
            task_id,
            tokens=expected_tokens(
                ad.brief.text, options.count, options.sampling.max_length, raw=prefix is not None
            ),
            on_loading=lambda done, total: on_loading(Loading(done, total)),
        )
        return self._writers.at_work(options.writer, prefix, use)

    def derive(self, ad: Ad, *, stop: threading.Event | None = None) -> Ad:
        """Derive the prompt from brief and copy, for the checkpoint of the ad's drawing settings, "" the loaded one.

        A big model that is already loaded is asked for the scene; none is loaded for it. An ad with a photo gets the
        prompt of the scene around its product.
        """
        from lib_adcopy.prompting.derive import derive_prompt

        if ad.photo:
            return self.photos.derive(ad)
        chosen = self.styling.style(ad.style)
        paths = self.host.paths()
        checkpoint = ad.drawing.checkpoint if ad.drawing else ""
        steps = chosen.settings.get("steps", 1)
        prompt = derive_prompt(
            ad.brief,
            ad.copy,
            chosen,
            self.host.networks(checkpoint),
            describe=self._writers.describer(ad.writing.writer, stop or threading.Event()),
            translate=self._translator,
            reads_chinese=reads_chinese(checkpoint or self.host.checkpoint()),
            count_tokens=lambda text: self.host.token_count(text, negative=False, steps=steps)[0],
            user_glossary=paths.data / "words.csv",
        )
        return replace(ad, prompt=prompt)

    def draw(
        self,
        ad: Ad,
        *,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        task_id: str = "",
        user: str = "",
    ) -> Ad:
        """Draw the ad's prompt with the networks that are installed; tags of others are dropped and named in the notes
        of `drawn`. Without drawing settings the style's and the format's are taken."""
        if not self.host.can_draw:
            raise AdCopyError("studio.cannot_draw")
        self.server.free()
        if ad.photo:
            return self.photos.draw(ad, on_progress=on_progress, stop=stop, task_id=task_id, user=user)
        settings = ad.drawing or self.styling.settings(self.styling.style(ad.style), ad.layout.format)
        words = (ad.prompt.positive, ad.prompt.negative) if ad.prompt else ("", "")
        positive, negative, notes = keep_installed(*words, self.host.networks(settings.checkpoint))
        if not positive.strip():
            raise AdCopyError("studio.empty_prompt")
        ad = replace(ad, drawing=settings)
        infotext = {"Ad Copy writer": ad.copy.writer} if ad.copy and ad.copy.writer else {}
        chunks = {CHUNK: record_text(ad)}
        request = DrawRequest(positive, negative, settings, infotext, chunks, task_id, user)
        result = self.models.draw(request, on_progress, stop)
        return replace(ad, drawn=replace(result, notes=(*notes, *result.notes)))

    def create(
        self,
        ad: Ad,
        *,
        on_event: Callable[[Event], None],
        stop: threading.Event,
        task_id: str = "",
        user: str = "",
    ) -> Ad:
        """Write, derive, draw and compose in one go; `on_event` is called with everything as it happens.

        Without anything to draw with, the creative is set in type alone. Where it was stopped, the parts after that are
        missing.
        """
        # Planned first, so that an unknown style or format is reported before anything is written.
        planned = self.styling.settings(self.styling.style(ad.style), ad.layout.format)
        ad = replace(ad, drawing=ad.drawing or planned)
        for event in self.write(ad, stop=stop, task_id=task_id, on_loading=on_event):
            on_event(event)
            if isinstance(event, Written):
                ad = event.ad
        if not ad.candidates:
            raise AdCopyError("studio.nothing_written")
        if ad.photo and not self.host.can_draw and not stop.is_set():
            ad = self.photograph(ad)
            on_event(Drawn(ad))
        else:
            ad = self.derive(ad, stop=stop)
            on_event(Derived(ad))
        if self.host.can_draw and not stop.is_set():
            ad = self.draw(
                ad,
                on_progress=lambda progress: on_event(Drawing(progress)),
                stop=stop,
                task_id=task_id,
                user=user,
            )
            on_event(Drawn(ad))
        if stop.is_set() or (ad.drawn and (ad.drawn.interrupted or not ad.drawn.pictures)):
            return ad
        if ad.copy and not ad.layout.layout_seed:
            # Another copy is set another way.
            ad = replace(ad, layout=replace(ad.layout, layout_seed=max(ad.copy.seed, 0) % _LAYOUT_SEEDS))
        ad = self.compose(ad)
        on_event(Composed(ad))
        return ad

    def photograph(self, ad: Ad) -> Ad:
        """Set the product of the seller's photo, unchanged, on a ground drawn without a model."""
        return self.photos.without_model(ad)

    def compose(self, ad: Ad) -> Ad:
        """Set and save the finished creative at the platform's size."""
        return self.creative.compose(ad)

    def export(
        self, ad: Ad, formats: Sequence[str], *, on_file: Callable[[int, int], None], stop: threading.Event
    ) -> Path:
        """Save the ad at several formats, in a folder of its own, and return their zip."""
        return self.creative.export(ad, formats, on_file=on_file, stop=stop)

    def restore(self, file: Path) -> Record:
        """Read what a picture or creative of ours was made from."""
        return read(file)

    def load(self, writer: str, *, stop: threading.Event, on_loading: Callable[[Loading], None] = _ignore) -> None:
        """Load a writer's model before it is asked to write."""
        use = ModelUse(
            self.placement(), stop, tokens=0, on_loading=lambda done, total: on_loading(Loading(done, total))
        )
        self._writers.load(writer, use)

    def unload(self) -> bool:
        """Free the language model; False where it is at work and is freed when it ends."""
        self.server.free()
        return self.models.unload()

    def close(self) -> None:
        """Free everything for good: Reload UI, the extension switched off."""
        self.installer.tasks.stop()
        self.models.close()
