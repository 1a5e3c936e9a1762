"""What it costs, said in one place: was-price, price, offers, coupons and their term."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.material import Material, Piece

_BARE = re.compile(r"^[¥￥$€£]?\s*\d[\d.,]*\s*(?:元|块钱|块|rmb|usd|cny|yuan|dollars)?$", re.IGNORECASE)
_ENDS_IN_NUMBER = re.compile(r"(?<![¥￥$€£\d.])(\d+(?:\.\d+)?)$")
_ENDED_TERM = re.compile(
    r"前|截止|截至|内|止|结束|限时|仅|到|今天|今晚|明天|天$|为限|until|till|ends?|before|by|only", re.IGNORECASE
)


def amount_text(piece: Piece, language: str) -> str:
    """The price as the seller wrote it, with 元 where he left the unit out and meant yuan."""
    text = piece.text
    if language == "zh" and "CNY" in piece.value and _ENDS_IN_NUMBER.search(text):
        return text + "元"
    return text


def bare_price(material: Material) -> str:
    """The only price, where it is nothing but an amount: fit to stand in a title or before a noun."""
    prices = material.kinds("price")
    if len(prices) != 1:
        return ""
    text = amount_text(prices[0], material.language)
    return text if _BARE.match(text) else ""


class Deal:
    """The sentences about price and offers of one copy."""

    def __init__(self, material: Material, register: str, chooser: Chooser) -> None:
        self._material, self._register, self._chooser = material, register, chooser
        self._zh = material.language == "zh"
        self._comma = "，" if self._zh else ", "
        self._frames = load_copy_data(f"{material.language}/voice.json")["deal"]

    def sentence(self) -> str:
        """Everything of the deal in one or two sentences; "" for a brief without."""
        amount, offers = self._amount(), self._offers()
        if not amount and not offers:
            return ""
        if not amount:
            key = "offer_only_formal" if self._register == "formal" else "offer_only"
            return self._framed(key, self._frames[key], "{o}", offers)
        said = f"{amount}{self._comma}{offers}" if offers else amount
        kind = "price" if _BARE.match(said) else "labelled"
        return self._framed(f"deal {kind}", self._frames[self._register][kind], "{p}", said)

    def _framed(self, slot: str, frames: Sequence[str], name: str, text: str) -> str:
        frame = self._chooser.pick(slot, frames) or frames[0]
        filled: str = frame.replace(name, text)
        return filled if self._zh else filled[:1].upper() + filled[1:]

    def _amount(self) -> str:
        """Was-price and price, "原价1299元，现在899元"; several prices after one another."""
        material = self._material
        was = [amount_text(piece, material.language) for piece in material.kinds("list_price")]
        now = [amount_text(piece, material.language) for piece in material.kinds("price")]
        before, after = ("原价", "现价") if self._zh else ("was ", "now ")
        was = [text if not _BARE.match(text) else f"{before}{text}" for text in was]
        if was and len(now) == 1 and _BARE.match(now[0]):
            now = [f"{after}{now[0]}"]
        return self._comma.join((*was, *now))

    def _offers(self) -> str:
        material = self._material
        coupons = [
            piece.text if not self._zh or re.search("[券领]", piece.text) else f"领券{piece.text}"
            for piece in material.kinds("coupon")
        ]
        offers = [piece.text for piece in material.kinds("offer")]
        terms = [self._term(piece.text) for piece in material.kinds("deadline")]
        return self._comma.join((*coupons, *offers, *terms))

    def _term(self, text: str) -> str:
        frames = load_copy_data(f"{self._material.language}/voice.json")["deadline"]
        kind = "ended" if _ENDED_TERM.search(text) else "open"
        return str((self._chooser.pick(f"term {kind}", frames[kind]) or frames[kind][0]).replace("{d}", text))
