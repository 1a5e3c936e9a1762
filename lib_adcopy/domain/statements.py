"""A brief cut into the seller's own whole clauses, each with what it is good for in a text."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = (
    "product", "attribute", "point", "price", "offer", "service", "place", "audience", "use", "caveat", "voice",
    "contents", "instruction", "other_product",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One clause, complete in itself, in the seller's words and order.

    `text` is cleaned: no bullets, headings, emoji or marks at its ends, one kind of commas; numbers and units as the
    seller wrote them. `role` is one of ROLES:

    product: names the product. attribute: a value under its `label`, the seller's heading or the usual one. point: a
    selling clause. price: all of the price. offer: gift, coupon, limited number, deadline. service: delivery, returns,
    warranty. place: address, hours, contact, how to order. audience: whom or which size it suits. use: how it is used,
    kept, eaten. caveat: an honest limit or a warning. voice: the seller speaking of himself. contents: what is in the
    box. instruction: to the writer, never in the copy. other_product: what is said of a second thing for sale.

    `start` and `end` are offsets into the brief's text of all that it was made of. `product` is the index of the
    product it speaks of where the brief sells two.
    """

    text: str
    role: str
    label: str = ""
    start: int = -1
    end: int = -1
    product: int = 0
