"""Layouts are data: every file keeps the schema, there are enough of each family, and a wrong one is reported."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from lib_adcopy.creative.layout import FOLDER, FORMS, PORTRAIT, layouts, read_layout
from lib_adcopy.creative.paint import grounds, ornaments
from lib_adcopy.creative.roles import SCALES
from lib_adcopy.errors import AdCopyError

FILES = sorted(file for file in FOLDER.glob("*.json") if file.name != "layout.schema.json")


def test_there_are_enough_layouts_of_each_kind():
    known = layouts().values()
    assert len(known) >= 24
    assert sum(layout.type_only for layout in known) >= 6
    families = {layout.family for layout in known}
    assert {"centred", "split", "full-bleed", "price", "sale", "chinese", "collage", "pair", "type"} <= families


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_layout_names_what_there_is(file):
    layout = read_layout(file)
    assert layout.type in SCALES and layout.title["zh"] and layout.title["en"]
    assert not layout.ground or layout.ground["kind"] in grounds.KINDS
    assert all(ornament["kind"] in ornaments.KINDS for ornament in layout.ornaments)
    if layout.family != "white":
        assert set(FORMS) <= set(layout.forms) <= {*FORMS, PORTRAIT}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_groups_of_type_do_not_share_space(file):
    for form in read_layout(file).forms.values():
        for first, second in combinations([group.box for group in form.groups if not group.vertical], 2):
            across = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
            down = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
            assert across <= 0.01 or down <= 0.01, (first, second)


def test_the_schema_lists_every_key_a_file_uses():
    schema = json.loads((FOLDER / "layout.schema.json").read_text(encoding="utf-8"))
    for file in FILES:
        stored = json.loads(file.read_text(encoding="utf-8"))
        assert set(stored) <= set(schema["properties"])
        for form in stored["forms"].values():
            assert set(form) <= set(schema["$defs"]["form"]["properties"])
            for group in form["groups"]:
                assert set(group) <= set(schema["$defs"]["group"]["properties"])


@pytest.mark.parametrize(
    "change", [{"forms": {}}, {"frame": "hexagon"}, {"forms": {"square": {"groups": [{"box": [1, 2]}]}}}]
)
def test_a_wrong_file_is_named_with_its_fault(tmp_path, change):
    stored = json.loads(FILES[0].read_text(encoding="utf-8"))
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({**stored, **change}), encoding="utf-8")
    with pytest.raises(AdCopyError, match=r"mine\.json"):
        read_layout(file)
