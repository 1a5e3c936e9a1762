"""What is said before a training starts, in words: what the file holds, how long it takes and what memory."""

from __future__ import annotations

from lib_adcopy.i18n import translate
from lib_adcopy.training.data import HISTOGRAM_STEP, DataSet, Overview
from lib_adcopy.training.estimate import Estimate
from lib_adcopy.training.settings import Settings


def facts(seen: Overview, language: str) -> list[tuple[str, bool]]:
    """(what was counted, whether it is as it should be), one for each count."""
    told = [
        ("pairs", True, {"count": seen.pairs}),
        ("left_out", not seen.left_out, {"count": seen.left_out}),
        ("duplicates", not seen.duplicates, {"count": seen.duplicates}),
        ("coverage", seen.coverage > 0.7, {"percent": round(100 * seen.coverage)}),
        ("banned", not seen.banned, {"count": seen.banned}),
    ]
    return [(translate(f"training.panel.{key}", language, **params), good) for key, good, params in told]


def rows(data: DataSet, language: str, most: int) -> list[str]:
    """Every row that was found something about, `most` of them and how many more there are."""
    told = [
        translate("training.panel.line", language, line=one.line, why=one.why.text(language))
        for one in data.findings[:most]
    ]
    if len(data.findings) > most:
        told.append(translate("training.panel.more", language, count=len(data.findings) - most))
    return told


def lengths(seen: Overview, language: str) -> str:
    """The histogram as a line: "0-24: 3, 25-49: 12"."""
    counted = [f"{start}-{start + HISTOGRAM_STEP - 1}: {count}" for start, count in seen.lengths.items()]
    return f"{translate('training.panel.lengths', language)}: {', '.join(counted)}"


def general(language: str) -> str:
    """Stands before what the file of general pairs holds."""
    return translate("training.panel.general", language)


def split(data: DataSet, settings: Settings, language: str) -> str:
    """How many examples are taught and how many held out."""
    taught, held = data.split(settings.held_out, settings.seed)
    return translate("training.panel.split", language, taught=len(taught), held=len(held))


def cost(taken: Estimate, language: str) -> str:
    needed = {"time": duration(taken.seconds, language), "memory": f"{max(taken.memory / 2**30, 0.1):.1f}"}
    text = translate("training.panel.estimate", language, **needed)
    if taken.available and taken.memory > taken.available:
        text += translate("training.panel.too_big", language, available=f"{taken.available / 2**30:.1f}")
    return text


def duration(seconds: float, language: str) -> str:
    hours, minutes = divmod(max(round(seconds / 60), 1), 60)
    key = "hours" if hours else "minutes"
    return translate(f"training.panel.{key}", language, hours=hours, minutes=minutes)
