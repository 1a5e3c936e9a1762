"""Sentences shown before a training starts: what the file holds, and the time and memory the training takes."""

from __future__ import annotations

from lib_adcopy.i18n import translate
from lib_adcopy.training.data import HISTOGRAM_STEP, DataSet, Overview
from lib_adcopy.training.estimate import Estimate
from lib_adcopy.training.settings import Settings


def facts(seen: Overview, language: str) -> list[tuple[str, bool]]:
    """Return a sentence for each count of the overview, and whether the count is as it should be."""
    counts = [
        ("pairs", True, {"count": seen.pairs}),
        ("left_out", not seen.left_out, {"count": seen.left_out}),
        ("duplicates", not seen.duplicates, {"count": seen.duplicates}),
        ("coverage", seen.coverage > 0.7, {"percent": round(100 * seen.coverage)}),
        ("banned", not seen.banned, {"count": seen.banned}),
    ]
    return [(translate(f"training.panel.{key}", language, **params), good) for key, good, params in counts]


def rows(data: DataSet, language: str, most: int) -> list[str]:
    """Return a line for each row with an issue, at most `most`, and one that counts the rest."""
    lines = [
        translate("training.panel.line", language, line=one.line, why=one.reason.text(language))
        for one in data.issues[:most]
    ]
    if len(data.issues) > most:
        lines.append(translate("training.panel.more", language, count=len(data.issues) - most))
    return lines


def lengths(seen: Overview, language: str) -> str:
    """Return the histogram as a line: "0-24: 3, 25-49: 12"."""
    counted = [f"{start}-{start + HISTOGRAM_STEP - 1}: {count}" for start, count in seen.lengths.items()]
    return f"{translate('training.panel.lengths', language)}: {', '.join(counted)}"


def general(language: str) -> str:
    """Return the heading above the report on the file of general pairs."""
    return translate("training.panel.general", language)


def split(data: DataSet, settings: Settings, language: str) -> str:
    """Say how many examples are trained on and how many are held out."""
    taught, held = data.split(settings.held_out, settings.seed)
    return translate("training.panel.split", language, taught=len(taught), held=len(held))


def cost(estimate: Estimate, language: str) -> str:
    """Say how much time and memory the training takes, and whether the device has too little."""
    needed = {"time": duration(estimate.seconds, language), "memory": f"{max(estimate.memory / 2**30, 0.1):.1f}"}
    text = translate("training.panel.estimate", language, **needed)
    if estimate.available and estimate.memory > estimate.available:
        text += translate("training.panel.too_big", language, available=f"{estimate.available / 2**30:.1f}")
    return text


def duration(seconds: float, language: str) -> str:
    """Return a duration in hours and minutes, at least a minute."""
    hours, minutes = divmod(max(round(seconds / 60), 1), 60)
    key = "hours" if hours else "minutes"
    return translate(f"training.panel.{key}", language, hours=hours, minutes=minutes)
