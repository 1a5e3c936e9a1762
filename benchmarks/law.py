"""How much of what the law forbids is found, and how much that it does not: docs/quality.md, "Advertising law".

    python -m benchmarks.law [--human train.jsonl]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.report import table, write_section
from lib_adcopy.copywriting.law import check_text

# Measured once, on the rules as they stood before anybody had read the second set; it cannot be measured again.
_FIRST_MEASURED = """The second set was written without sight of the rules, and the rules were extended to it
afterwards, so it is unseen no more. When first measured, 75.0 % of its violations were found and 3.2 % of its innocent
sentences banned: expect texts of a new kind to lie between the two figures."""

_SENTENCES = Path(__file__).resolve().parents[1] / "tests" / "unit" / "copywriting" / "law"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--human", type=Path, help="AdvertiseGen rows: ad copy written by people")
    options = parser.parse_args()
    rows = []
    for name, title in (("", "written beside the rules"), ("second_", "of the second set")):
        violations, innocent = sentences(f"{name}violations.txt"), sentences(f"{name}innocent.txt")
        if violations:
            rows.append([f"violations {title}", str(len(violations)), share(violations, found), "found, >= 95 %"])
            rows.append([f"innocent sentences {title}", str(len(innocent)), share(innocent, banned), "banned, <= 2 %"])
    if options.human:
        lines = options.human.read_text(encoding="utf-8").splitlines()
        copies = [json.loads(line)["summary"] for line in lines]
        rows.append(["human ad copy (AdvertiseGen)", str(len(copies)), share(copies, banned), "banned, <= 1 %"])
    text = table(["texts", "number", "share", "of what, and the target"], rows)
    command = "Made by `python -m benchmarks.law --human train.jsonl`."
    write_section("quality.md", "Advertising law", f"{text}\n\n{_FIRST_MEASURED}\n\n{command}")
    print(text)


def sentences(name: str) -> list[str]:
    """One a line; none where the file is not there."""
    file = _SENTENCES / name
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line] if file.is_file() else []


def found(text: str) -> bool:
    return bool(check_text(text))


def banned(text: str) -> bool:
    return any(finding.level == "ban" for finding in check_text(text))


def share(texts: list[str], what) -> str:
    return f"{100 * sum(map(what, texts)) / len(texts):.2f} %"


if __name__ == "__main__":
    main()
