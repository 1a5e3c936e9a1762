"""The attribute pickers' and the examples' events; each writes into the brief, and the brief moves the pickers."""

from __future__ import annotations

import gradio as gr

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.ui import attributes, render
from lib_adcopy.ui.examples import EXAMPLES
from lib_adcopy.ui.session import Call, Updates, pressed


class Picking:
    """One method an event; each gives updates by the names of components."""

    def read(self, call: Call) -> Updates:
        """The brief was changed, by whatever: its attributes as chips, and the pickers of its product."""
        try:
            brief = parse_brief(call.values["brief"] or "")
        except AdCopyError:
            # Empty, or far too long: pressing a button will say so.
            return {"attributes": ""}
        shown = {"attributes": render.attributes(attributes.found(brief), call.language)}
        product = attributes.product_of(brief)
        return shown if product == call.values["product"] else shown | self._offer(product, "", call.language)

    def product(self, call: Call) -> Updates:
        return self._offer(call.values["product"], call.values["kind"], call.language)

    def kind(self, call: Call) -> Updates:
        found = attributes.values(call.values["product"], call.values["kind"], call.language)
        return {"value": gr.update(choices=list(found), value=None)}

    def pick(self, call: Call) -> Updates:
        """A value was chosen: it goes into the brief, and the list stands ready for the next."""
        value = call.values["value"]
        if not value:
            return {}
        given = call.values["product"], call.values["kind"], value
        return {"brief": attributes.with_attribute(call.values["brief"] or "", *given), "value": gr.update(value=None)}

    def drop(self, call: Call) -> Updates:
        name, value = pressed(call.values["drop"])
        return {"brief": attributes.without_attribute(call.values["brief"] or "", str(name), str(value))}

    def example(self, call: Call) -> Updates:
        return {"brief": str(pressed(call.values["example"]))}

    def examples(self, call: Call) -> Updates:
        return {"samples": render.samples(EXAMPLES[call.language])}

    def _offer(self, product: str, kind: str, language: str) -> Updates:
        kinds = attributes.kinds(product)
        kind = kind if kind in kinds else kinds[0]
        words = [translate(f"ui.kinds.{one}", language) for one in kinds]
        return {
            "product": product,
            "kind": gr.update(choices=words, value=translate(f"ui.kinds.{kind}", language)),
            "value": gr.update(choices=list(attributes.values(product, kind, language)), value=None),
        }
