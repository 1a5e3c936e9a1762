"""What a seller does with a finished creative in the tab: brand kits, nudges, a check mended, undo, main pictures."""

from __future__ import annotations

import zipfile

import pytest
from PIL import Image, ImageDraw

pytest.importorskip("gradio")


from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.picture import Picture
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.choices import listed
from lib_adcopy.ui.create.creative_tools import CreativeToolHandlers
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.kept_pictures import kept
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session

pytestmark = pytest.mark.usefixtures("chinese_font")
BRIEF = "云隅手作陶瓷马克杯，可进微波炉，釉下彩安全，到手价39元，原价59元，第2件半价"


@pytest.fixture
def studio(tmp_path):
    return Studio(StandaloneHost(tmp_path))


@pytest.fixture
def logo(tmp_path):
    image = Image.new("RGBA", (200, 80), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((0, 0, 78, 78), fill=(200, 30, 60, 255))
    image.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def product():
    image = Image.new("RGB", (480, 640), (232, 232, 230))
    ImageDraw.Draw(image).rectangle((160, 200, 320, 480), fill=(200, 30, 40))
    return Picture(image, "", 1)


def call(session, **values):
    slots = {f"slot_{name}": text for name, text in session.slots}
    given = {"brief": BRIEF, "copy": "工位上的奶白杯子\n每天一杯。", "style": "", "format": "taobao-main"}
    return Call(session, "zh", {**given, **slots, **values})


def last(updates):
    together = {}
    for update in updates:
        together |= update
    return together


@pytest.fixture
def steps(studio):
    return PipelineHandlers(studio, Running())


def begun():
    return Session(key="a").with_drawn(kept((product(),)), "")


def test_a_kit_is_saved_chosen_shown_and_deleted(studio, logo):
    handlers = CreativeToolHandlers(studio, listed(studio.creative.brands.names, "brand_none"))
    boxes = {"brand_name": "青禾 家居", "brand_slogan": "把日子过成诗", "brand_colours": "#2f7d68, f3f7f4"}
    rest = {"brand_font": "", "brand_corner": "top-left", "brand_logo": str(logo)}
    saved = handlers.save_brand(Call(Session(), "zh", boxes | rest))
    name = saved["brand_kit"]["value"]
    kit = studio.creative.brands.open(name)
    assert (kit.name, kit.colours[0]) == ("青禾 家居", (0x2F, 0x7D, 0x68))
    assert kit.open_logo().size == (79, 79)
    assert kit.corner == "top-left"
    shown = handlers.show_brand(Call(Session(), "zh", {"brand_kit": name}))
    assert (shown["brand_slogan"], shown["brand_corner"]) == ("把日子过成诗", "top-left")
    handlers.delete_brand(Call(Session(), "zh", {"brand_kit": name}))
    assert studio.creative.brands.names() == ()


@pytest.mark.parametrize("name", ["", "../..", "///"])
def test_a_kit_without_a_name_is_refused_and_leaves_its_folder_never(studio, name):
    with pytest.raises(AdCopyError):
        studio.creative.brands.save(name)


def test_others_change_neither_brand_nor_fonts(studio):
    handlers = CreativeToolHandlers(studio, listed(studio.creative.brands.names, "brand_none"))
    names = ("brand_name", "brand_slogan", "brand_colours", "brand_font", "brand_corner")
    boxes = dict.fromkeys(names, "x") | {"brand_logo": None}
    handlers.save_brand(Call(Session(), "zh", boxes, is_shared=True))
    assert "主人" in handlers.get_fonts(Call(Session(), "zh", {}, is_shared=True))["status"]
    assert studio.creative.brands.names() == ()


def test_a_chosen_brand_stands_on_the_creative(studio, steps, logo):
    name = studio.creative.brands.save("青禾", slogan="把日子过成诗", logo=logo)
    done = last(steps.compose(call(begun(), brand_kit=name)))
    assert done["slot_brand"] == "青禾"


def test_a_nudge_keeps_the_layout_and_undo_takes_it_back(steps):
    first = last(steps.compose(call(begun())))
    nudged = last(steps.compose(call(first["session"], nudge_headline="smaller")))
    before, after = nudged["session"].layouts_set[-2:]
    assert (after.nudge_headline, after.layout_seed) == ("smaller", before.layout_seed)
    undone = last(steps.undo_creative(call(nudged["session"], nudge_headline="smaller")))
    assert undone["nudge_headline"] == "none"
    assert undone["session"].layouts_set == first["session"].layouts_set


def test_a_second_press_takes_another_layout(steps):
    first = last(steps.compose(call(begun())))
    second = last(steps.compose(call(first["session"])))
    seeds = [layout.layout_seed for layout in second["session"].layouts_set]
    assert len(set(seeds)) == 2


def test_a_missing_label_is_mended_by_its_button(steps):
    first = last(steps.compose(call(begun(), ai_label="off")))
    assert 'data-press="mend"' in first["checks"]
    mended = last(steps.mend(call(first["session"], ai_label="off", mend='"label"\n1')))
    assert mended["ai_label"] == "on"
    assert 'data-value="&quot;label&quot;"' not in mended["checks"]


def test_an_edit_is_seen_at_once(steps):
    first = last(steps.compose(call(begun())))["session"]
    shown = steps.preview(call(first, slot_headline="换一个标题"))
    assert "data:image" in shown["creative_preview"]


def test_the_five_main_pictures_come_as_one_zip(steps, studio):
    done = last(steps.main_pictures(call(begun())))
    with zipfile.ZipFile(done["exported"]["value"]) as archive:
        assert [name.split(".")[0] for name in archive.namelist()] == [
            "1-hero", "2-points", "3-detail", "4-size", "5-white",
        ]  # fmt: skip
