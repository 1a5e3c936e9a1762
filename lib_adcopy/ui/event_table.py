"""The table of the tab: which event does what."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.app.composing import EDITABLE
from lib_adcopy.ui.values import ADVISED, BRIEF, DRAWING, PHOTO_SOURCE, WRITING

_REVIEW = ("review", "copying", "lawful")
_COPY = ("candidates", "compared", "copy", *_REVIEW, "fallback", "rounds")
_CHIPS = ("tokens", "networks_used")
_PROMPT = ("prompt", "negative_prompt", *_CHIPS, "notes")
_GALLERY = ("gallery", "generation_info", "infotext", "parameters")
_PAIR = ("prompt", "negative_prompt")
SLOTS = tuple(f"slot_{name}" for name in EDITABLE)
_CREATIVE = ("checks", *SLOTS)
SET = (*BRIEF, *_PAIR, *DRAWING, "copy", "style", *SLOTS)
# What a mended check or an undo sets beside the slots.
_LAID = ("layout", "ai_label", "plate", "nudge_headline", "nudge_price")
REVIEWED = (*BRIEF, "copy")
# What shows the photo that is kept.
_PHOTO = ("photo_view", "mask_sketch")
_PLANNED = ("style", "format", "checkpoint")
_SIZES = ("width", "height", "hires_scale")
# What a style changes: what it advises, and the sizes.
_STYLED = tuple(dict.fromkeys((*ADVISED, *_SIZES)))
# Everything that shows the session: what Undo, a restored picture, a reload and another language draw anew.
SHOWN = ("candidates", "compared", *_REVIEW, "rounds", "notes", "gallery", "generation_info", *_CREATIVE)
# The boxes a page keeps over a reload.
KEPT = tuple(
    dict.fromkeys((*BRIEF, *WRITING, *DRAWING, *_PAIR, "copy", "style", "mode", "wish"))
)


@dataclass(frozen=True)
class Event:
    """A row: `handler` is called when `part` has its `event`, with the boxes `inputs` and may change those in
    `outputs`."""

    part: str
    event: str
    handler: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


_REVISED = (*_COPY, "wish", "brief", "platform")
# The long steps: PipelineHandlers.
STEPS = (
    Event("write", "click", "write", (*BRIEF, *WRITING, "copy"), _COPY),
    Event("revise", "click", "revise", (*BRIEF, *WRITING, "copy", "wish"), _REVISED),
    Event("wish", "submit", "revise", (*BRIEF, *WRITING, "copy", "wish"), _REVISED),
    Event("asked", "input", "asked", (*BRIEF, *WRITING, "copy", "asked"), _REVISED),
    Event("like", "input", "like", (*BRIEF, *WRITING, "copy", "like"), _COPY),
    Event("fallback", "click", "fallback", (*BRIEF, *WRITING, "copy"), (*_COPY, "writer")),
    Event("derive", "click", "derive", (*BRIEF, *PHOTO_SOURCE, "writer", "copy", "style", "checkpoint"), _PROMPT),
    Event("generate", "click", "draw", (*BRIEF, *_PAIR, *DRAWING, "writer", "copy", "style"), (*_PROMPT, *_GALLERY)),
    Event("create", "click", "create", (*BRIEF, *WRITING, *DRAWING, "copy", "mode", "style", "photo"),
       (*_COPY, *_PROMPT, *_GALLERY, *_CREATIVE)),
    Event("compose", "click", "compose", SET, (*_GALLERY, *_CREATIVE)),
    Event("export", "click", "export", SET, ("exported",)),
    Event("main_pictures", "click", "main_pictures", SET, ("exported",)),
    Event("mend", "input", "mend", (*SET, "mend"), (*_GALLERY, *_CREATIVE, *_LAID)),
    Event("undo_creative", "click", "undo_creative", SET, (*_GALLERY, *_CREATIVE, *_LAID)),
)  # fmt: skip
# The quick ones about copy: CopyHandlers.
COPY_EDITS = (
    Event("choose", "input", "choose", ("choose", *REVIEWED), ("candidates", "copy", *_REVIEW)),
    Event("compare", "input", "compare", ("compare", "copy"), ("compared",)),
    Event("copy", "blur", "review", REVIEWED, _REVIEW),
    Event("lawful", "click", "lawful", REVIEWED, ("copy", *_REVIEW)),
    Event("fix", "input", "fix", (*REVIEWED, "fix"), ("copy", *_REVIEW)),
    Event("undo", "click", "undo", REVIEWED, ("copy", "brief", "platform", *_PAIR, *SHOWN)),
    Event("rounds", "input", "rounds", ("rounds",), ("rounds",)),
    Event("forget", "click", "forget", (), ("rounds",)),
    Event("clear", "click", "clear", ("copy", *_PAIR), ("copy", *_PAIR, *_CHIPS, *SHOWN, "parameters")),
)
# The other quick ones: EditHandlers.
EDITS = (
    Event("interrupt", "click", "interrupt"),
    Event("skip", "click", "skip"),
    Event("unload", "click", "unload"),
    Event("prompt", "input", "tokens", (*_PAIR, "steps"), _CHIPS),
    Event("negative_prompt", "input", "tokens", (*_PAIR, "steps"), _CHIPS),
    Event("network_add", "click", "network_add", (*_PAIR, "steps", "network", "network_weight"), (*_PAIR, *_CHIPS)),
    Event("weigh", "input", "weigh", (*_PAIR, "steps", "weigh"), (*_PAIR, *_CHIPS)),
    Event("format", "input", "size", _PLANNED, _SIZES),
    Event("checkpoint", "input", "size", _PLANNED, _SIZES),
    Event("style", "input", "style", _PLANNED, _STYLED),
    Event("restore", "upload", "restore", ("restore", *REVIEWED, "steps"),
          (*BRIEF, *_PAIR, *DRAWING, "copy", "style", "restore", "writer", *_CHIPS, *_PHOTO, *SHOWN)),
)  # fmt: skip
# The user's own styles: StyleHandlers.
SHELF = (
    Event("style_save", "click", "save", (*BRIEF, *_PAIR, *DRAWING, "copy", "style", "style_name", "owner"),
          ("style",)),
    Event("style_delete", "click", "delete", ("style", "owner"), ("style",)),
)  # fmt: skip
_PICKERS = ("product", "kind", "value")
_FACT = ("brief", "fact_kind", "fact_text")
# Facts, attributes and examples: AttributeHandlers.
PICKING = (
    Event("brief", "change", "read", ("brief", "product"), ("facts", "samples", *_PICKERS)),
    Event("edit_fact", "input", "edit_fact", ("edit_fact",), ("fact_editor", "fact_kind", "fact_text")),
    Event("fact_set", "click", "set_fact", _FACT, ("brief", "fact_text", "fact_editor")),
    Event("fact_text", "submit", "set_fact", _FACT, ("brief", "fact_text", "fact_editor")),
    Event("example", "input", "example", ("example",), ("brief",)),
    Event("language", "change", "examples", (), ("samples",)),
    Event("product", "input", "product", ("product", "kind"), _PICKERS),
    Event("language", "change", "product", ("product", "kind"), _PICKERS),
    Event("language", "change", "read", ("brief", "product"), ("facts", "samples", *_PICKERS)),
    Event("kind", "input", "kind", ("product", "kind"), ("value",)),
    Event("value", "input", "pick", ("brief", *_PICKERS), ("brief", "value")),
    Event("drop", "input", "drop", ("brief", "drop"), ("brief",)),
)
# After the language was changed, and when the page was loaded again: PageHandlers.
REWORDED = Event("language", "change", "reworded", (*REVIEWED, "steps", *_PAIR),
                 (*SHOWN, *_CHIPS, "welcome", "wishes"))  # fmt: skip
RESUMED = Event("resume", "input", "resume", ("resume", *REVIEWED, "steps", *_PAIR),
                tuple(dict.fromkeys(("resume", *KEPT, "writer", *SHOWN, *_CHIPS, *_GALLERY, *_PHOTO,
                                     "exported", "fallback"))))  # fmt: skip
THUMBNAILS = Event("layouts", "select", "thumbnails", SET, ("layouts", "layout_names"))
