"""The JSON form of a browser tab's session, as the server keeps it for a page that is loaded again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.domain.record import copy_to_json
from lib_adcopy.domain.review import Claim, Finding, Review
from lib_adcopy.i18n import Message
from lib_adcopy.ui.kept_pictures import KeptPicture
from lib_adcopy.ui.session import Ended, Session, UndoPoint

VERSION = 1


def to_json(session: Session) -> dict[str, Any]:
    """Return what JSON can hold of a session: pictures by their files."""
    stored: dict[str, Any] = {
        "version": VERSION,
        "candidates": [[copy_to_json(one.copy), asdict(one.review)] for one in session.candidates],
        "rounds": [[wish, copy_to_json(copy)] for wish, copy in session.rounds],
        "pictures": [_picture_to_json(one) for one in session.pictures if one.path],
        "posters": [_picture_to_json(one) for one in session.posters if one.path],
        "composed": session.composed,
        "generation_info": session.generation_info,
        "undo": [[point.copy, point.rounds, list(map(list, point.boxes))] for point in session.undo],
        "slots": list(map(list, session.slots)),
        "slot_edits": list(map(list, session.slot_edits)),
        "checks": [[level, message.key, dict(message.params)] for level, message in session.checks],
        "platform": session.platform,
    }
    if session.derived:
        stored["derived"] = {"positive": session.derived.positive, "negative": session.derived.negative}
    if session.ended:
        message = session.ended.message
        stored["ended"] = [message.key, dict(message.params), session.ended.kind]
    return stored


def from_json(stored: Mapping[str, Any], key: str) -> Session:
    """Return the session that `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    if stored["version"] != VERSION:
        raise ValueError(stored["version"])
    derived, ended = stored.get("derived"), stored.get("ended")
    return Session(
        key=key,
        candidates=tuple(Candidate(_copy(copy), _review(review)) for copy, review in stored["candidates"]),
        rounds=tuple((str(wish), _copy(copy)) for wish, copy in stored["rounds"]),
        pictures=tuple(_picture(one) for one in stored["pictures"]),
        posters=tuple(_picture(one) for one in stored["posters"]),
        composed=int(stored["composed"]),
        generation_info=str(stored["generation_info"]),
        undo=tuple(UndoPoint(str(copy), int(rounds), _pairs(boxes)) for copy, rounds, boxes in stored["undo"]),
        derived=Prompt(str(derived["positive"]), str(derived["negative"])) if derived else None,
        slots=_pairs(stored["slots"]),
        slot_edits=_pairs(stored["slot_edits"]),
        checks=tuple((str(level), Message(str(name), dict(params))) for level, name, params in stored["checks"]),
        platform=str(stored["platform"]),
        ended=Ended(Message(str(ended[0]), dict(ended[1])), str(ended[2])) if ended else None,
    )


def _copy(stored: Mapping[str, Any]) -> Copy:
    return Copy(
        str(stored["title"]),
        str(stored["body"]),
        tuple(map(str, stored["hashtags"])),
        str(stored["writer"]),
        int(stored["seed"]),
        tag_form=str(stored["tag_form"]),
    )


def _review(stored: Mapping[str, Any]) -> Review:
    found = dict(stored)
    return Review(
        covered=_pairs(found["covered"]),
        missing=_pairs(found["missing"]),
        claims=tuple(Claim(**each) for each in found["claims"]),
        findings=tuple(Finding(**each) for each in found["findings"]),
        repetition=float(found["repetition"]),
        too_long=tuple(map(str, found["too_long"])),
        changed=_pairs(found["changed"]),
        weak=tuple(map(str, found["weak"])),
        duplicate=bool(found["duplicate"]),
    )


def _picture_to_json(picture: KeptPicture) -> dict[str, Any]:
    return {"infotext": picture.infotext, "seed": picture.seed, "path": str(picture.path)}


def _picture(stored: Mapping[str, Any]) -> KeptPicture:
    return KeptPicture(str(stored["infotext"]), int(stored["seed"]), Path(str(stored["path"])))


def _pairs(stored: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(text)) for name, text in stored)
