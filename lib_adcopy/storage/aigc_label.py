"""China's metadata label for AI content: the fields of GB 45438-2025, annex E, as an XMP property.

Exactly one label a file, in XMP for PNG, JPEG and WebP (TC260-PG-20259A): webuis keep their own texts elsewhere.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr, unescape

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.picture_text import XMP, read_texts

NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
OUR_NAMESPACE = "urn:x-adcopy:1.0"
# Printable ASCII without blank, quotation mark and backslash (annex E, j).
_VALUE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_PROPERTY = re.compile(r"<TC260:AIGC>([^<]*)</TC260:AIGC>")
_RECORD = re.compile(r"<adcopy:record>([^<]*)</adcopy:record>")
# GB 32100: the alphabet of a unified social credit code, whose last character is a check.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# What stands in a file of somebody who has set no name of his own.
DEFAULT_PRODUCER = "AdCopy"


@dataclass(frozen=True)
class AigcLabel:
    """A label as first written: the propagator's fields are the producer's. `kind` is "1" is, "2" may be AI content."""

    producer: str
    produce_id: str
    kind: str = "1"

    @property
    def text(self) -> str:
        """The label's JSON, compact, all values strings."""
        fields = {
            "Label": self.kind, "ContentProducer": self.producer, "ProduceID": self.produce_id, "ReservedCode1": "",
            "ContentPropagator": self.producer, "PropagateID": self.produce_id, "ReservedCode2": "",
        }  # fmt: skip
        return json.dumps(fields, separators=(",", ":"))


def make_label(producer: str = "", *, now: float | None = None) -> AigcLabel:
    """Return a label with a new number; raises AdCopyError for a producer's name or code that the standard does not
    allow."""
    producer = producer or DEFAULT_PRODUCER
    check_producer(producer)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    return AigcLabel(producer, f"{stamp}-{secrets.token_hex(8)}")


def check_producer(producer: str) -> None:
    """Raises AdCopyError unless it is printable ASCII without blanks and, where it is a code, its check is right."""
    if not _VALUE.fullmatch(producer):
        raise AdCopyError("storage.bad_producer", name=producer)
    if re.fullmatch(r"00[0-9A-Z]{25}", producer) and not _is_credit_code(producer[4:22]):
        raise AdCopyError("storage.bad_producer_code", name=producer)


def _is_credit_code(code: str) -> bool:
    try:
        total = sum(_ALPHABET.index(character) * 3**place % 31 for place, character in enumerate(code[:17]))
    except ValueError:
        return False
    return _ALPHABET[(31 - total % 31) % 31] == code[17]


def xmp_packet(label: AigcLabel | None, record: str = "") -> str:
    """Return an XMP packet with the label and our own record; the byte order mark makes Pillow write it as iTXt."""
    parts = []
    if label:
        parts.append(f"<TC260:AIGC>{escape(label.text)}</TC260:AIGC>")
    if record:
        parts.append(f"<adcopy:record>{escape(record)}</adcopy:record>")
    names = f"xmlns:TC260={quoteattr(NAMESPACE)} xmlns:adcopy={quoteattr(OUR_NAMESPACE)}"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>{"".join(parts)}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    )


def record_in(packet: str) -> str:
    """Our record in an XMP packet; "" where there is none."""
    found = _RECORD.search(packet)
    return unescape(found[1]) if found else ""


def read_label(file: Path) -> AigcLabel | None:
    """Return the label of a picture file, None where it has none; raises OSError and ValueError for a damaged file."""
    found = _PROPERTY.search(read_texts(file).get(XMP, ""))
    if found is None:
        return None
    stored: dict[str, Any] = json.loads(unescape(found[1]))
    return AigcLabel(str(stored["ContentProducer"]), str(stored["ProduceID"]), str(stored["Label"]))
