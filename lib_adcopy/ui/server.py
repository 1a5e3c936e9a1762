"""The tab's panel for the model server that the user runs himself: address, key, model, and whether it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.domain.server import ServerSettings
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import listed
from lib_adcopy.ui.compat import keep_out_of_defaults, quick, small, streaming
from lib_adcopy.ui.values import FIELDS

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

_BOXES = ("server_address", "server_key", "server_model", "server_public")
_LONGEST = 2000


def build(tab: Tab) -> None:
    """Add the panel, folded; inside the Blocks' context. On a page that others reach it says why it is off."""
    with tab.fold("server"):
        if tab.studio.host.is_shared():
            tab.add(gr.Markdown, "server_shared", word="value")
            return
        tab.add(gr.Markdown, "server_intro", word="value")
        settings = tab.studio.server.settings()
        offered = [settings.model] if settings.model else []
        with gr.Row():
            tab.field("server_address", value=settings.address, scale=3, min_width=220)
            tab.field("server_key", scale=2, min_width=160)
        with gr.Row():
            tab.choose(
                gr.Dropdown, "server_model", listed(lambda: offered), settings.model or None,
                allow_custom_value=True, scale=3, min_width=220,
            )  # fmt: skip
            tab.button("server_save", **small())
        tab.field("server_public", value=settings.public)
        tab.keep("server_state", gr.HTML(elem_id="adcopy_server_state"))
        keep_out_of_defaults(*(tab[name] for name in _BOXES))
    panel = _ServerPanel(tab, offered, settings)
    # The page's script writes its key there at each load: the host's Settings page may have changed what is set.
    boxes = [tab[name] for name in _BOXES if name != "server_key"]
    tab["page"].input(
        tab.guard(panel.shown), inputs=[tab["language"], *boxes], outputs=[*boxes, tab["writer"]], **quick()
    )
    tab["server_save"].click(
        tab.guard(panel.save, with_request=True),
        inputs=[tab["language"], tab["writer"], *(tab[name] for name in _BOXES)],
        outputs=[tab["server_state"], *(tab[name] for name in _BOXES), tab["writer"]],
        **streaming(),
    )


def _refused(error: AdCopyError, language: str) -> list[Any]:
    """Say why nothing was done; the boxes stay as they are."""
    return [render.status(error.message.text(language), kind="error"), *(gr.update() for _ in (*_BOXES, "writer"))]


class _ServerPanel:
    """The panel's handlers. `offered` is the list behind the box of models, filled by what the server names; `built`
    is what the boxes of a new page show."""

    def __init__(self, tab: Tab, offered: list[str], built: ServerSettings) -> None:
        self._tab, self._server, self._offered, self._built = tab, tab.studio.server, offered, built

    def shown(self, language: str, address: Any, model: Any, public: Any) -> list[Any]:
        """Return what the boxes show when a page is opened, and the writers there are now."""
        settings, built = self._server.settings(), self._built
        writers = gr.update(choices=self._tab.choosers["writer"].words(self._tab.value("language", language)))
        # What was typed before the script's first look stays.
        is_new = (address or "", model or "", bool(public)) == (built.address, built.model, built.public)
        now = (settings.address, settings.model, settings.public)
        if not is_new or now == (built.address, built.model, built.public):
            return [gr.update(), gr.update(), gr.update(), writers]
        if settings.model and settings.model not in self._offered:
            self._offered.append(settings.model)
        chosen = gr.update(choices=list(self._offered), value=settings.model or None)
        return [settings.address, chosen, settings.public, writers]

    def save(
        self, request: gr.Request, language: str, writer: str, address: str, key: str, model: Any, public: Any
    ) -> list[Any]:
        """Keep the settings, then ask the server for its models."""
        tab, language = self._tab, self._tab.value("language", language)
        if tab.guard.is_shared(request):
            return _refused(AdCopyError("model_server.shared"), language)
        # Before the writer's name changes with the model's.
        chosen = tab.value("writer", writer)
        typed = ServerSettings(
            tab.value("server_address", address).strip()[:_LONGEST],
            tab.value("server_key", key).strip()[:_LONGEST],
            tab.value("server_model", model).strip()[:_LONGEST],
            FIELDS["server_public"].read(public),
        )
        try:
            kept = self._server.save(typed)
        except AdCopyError as error:
            return _refused(error, language)
        state = self._tested(kept, language)
        writers = tab.choosers["writer"]
        return [
            state,
            kept.address,
            "",
            gr.update(choices=list(self._offered), value=kept.model or None),
            kept.public,
            gr.update(choices=writers.words(language), value=writers.word(chosen, language)),
        ]

    def _tested(self, settings: ServerSettings, language: str) -> str:
        """Return what the server answers, in one sentence."""
        if not settings.address:
            self._offered.clear()
            return render.status(Message("model_server.panel.forgotten").text(language), kind="done")
        try:
            client = self._server.client(settings)
            models = client.models()
            self._offered[:] = dict.fromkeys([*models, *([settings.model] if settings.model else [])])
            facts: dict[str, object] = {"address": client.address.origin}
            # Ollama takes a name without its tag.
            if settings.model and not {settings.model, f"{settings.model}:latest"} & set(models):
                raise AdCopyError("model_server.no_model", model=settings.model, **facts)
        except AdCopyError as error:
            saved = Message("model_server.panel.saved").text(language) + ("" if language == "zh" else " ")
            return render.status(saved + error.message.text(language), kind="error")
        if settings.model:
            said = Message("model_server.panel.connected", {**facts, "model": settings.model})
        else:
            count = len(models)
            said = Message("model_server.panel.choose" if count else "model_server.panel.no_models",
                           {**facts, "count": count})  # fmt: skip
        return render.status(said.text(language), kind="done")
