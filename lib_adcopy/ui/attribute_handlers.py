"""The attribute pickers' and the examples' events; each writes into the brief, and the brief moves the pickers."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from lib_adcopy.copywriting.fact_edits import with_fact, with_fact_changed, without_fact
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.ui import attributes, render
from lib_adcopy.ui.examples import EXAMPLES
from lib_adcopy.ui.session import Call, Updates, pressed


class AttributeHandlers:
    """One method an event; each gives updates by the names of components."""

    def read(self, call: Call) -> Updates:
        """Show the changed brief's facts as chips, and the pickers of its product."""
        from lib_adcopy.copywriting.brief import parse_brief
        from lib_adcopy.copywriting.several import products_in

        text = call.values["brief"] or ""
        try:
            brief = parse_brief(text)
        except AdCopyError:
            # Empty, or far too long: pressing a button will say so.
            return {"facts": "", "samples": gr.update(visible=not text.strip())}
        facts = render.facts(brief, call.language) + render.several(products_in(text), call.language)
        shown = {"facts": facts, "samples": gr.update(visible=False)}
        product = attributes.product_of(brief)
        return shown if product == call.values["product"] else shown | self._offer(product, "", call.language)

    def edit_fact(self, call: Call) -> Updates:
        """Put a chip's fact into the editor's row, to be put right; the plus opens the row empty."""
        start, end, kind, text = pressed(call.values["edit_fact"])
        session = replace(call.session, edited_fact=(int(start), int(end), str(text)) if int(end) >= 0 else None)
        editor = gr.update(visible=True)
        return {"session": session, "fact_kind": str(kind), "fact_text": str(text), "fact_editor": editor}

    def set_fact(self, call: Call) -> Updates:
        """Write the editor's fact into the brief: in the place of the one it was opened for, else as one more."""
        value = (call.values["fact_text"] or "").strip()
        if not value:
            return {"fact_editor": gr.update(visible=False)}
        text, label = call.values["brief"] or "", translate(f"ui.facts.{call.values['fact_kind']}", _script_of(call))
        session, edited = replace(call.session, edited_fact=None), call.session.edited_fact
        if edited and text[edited[0] : edited[1]] == edited[2]:
            text = with_fact_changed(text, edited[0], edited[1], label, value)
        else:
            text = with_fact(text, label, value)
        return {"session": session, "brief": text, "fact_text": "", "fact_editor": gr.update(visible=False)}

    def drop(self, call: Call) -> Updates:
        """Take a chip's fact out of the brief."""
        start, end, _, text = pressed(call.values["drop"])
        brief = call.values["brief"] or ""
        # The brief may have been typed in since the chips were drawn.
        return {"brief": without_fact(brief, int(start), int(end))} if brief[int(start) : int(end)] == text else {}

    def product(self, call: Call) -> Updates:
        return self._offer(call.values["product"], call.values["kind"], call.language)

    def kind(self, call: Call) -> Updates:
        found = attributes.values(call.values["product"], call.values["kind"], call.language)
        return {"value": gr.update(choices=list(found), value=None)}

    def pick(self, call: Call) -> Updates:
        """Write the chosen value into the brief; the list stands ready for the next."""
        value = call.values["value"]
        if not value:
            return {}
        given = call.values["product"], call.values["kind"], value
        return {"brief": attributes.with_attribute(call.values["brief"] or "", *given), "value": gr.update(value=None)}

    def example(self, call: Call) -> Updates:
        return {"brief": str(pressed(call.values["example"]))}

    def examples(self, call: Call) -> Updates:
        return {"samples": render.samples(EXAMPLES[call.language], call.language)}

    def _offer(self, product: str, kind: str, language: str) -> Updates:
        kinds = attributes.kinds(product)
        kind = kind if kind in kinds else kinds[0]
        words = [translate(f"ui.kinds.{one}", language) for one in kinds]
        return {
            "product": product,
            "kind": gr.update(choices=words, value=translate(f"ui.kinds.{kind}", language)),
            "value": gr.update(choices=list(attributes.values(product, kind, language)), value=None),
        }


def _script_of(call: Call) -> str:
    """Return the language of the brief's own words, the tab's where it has none."""
    text = call.values["brief"] or ""
    if not text.strip():
        return call.language
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"
