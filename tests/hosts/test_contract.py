"""What the adapter promises, on a stand-in of every flavour."""

from __future__ import annotations

import importlib
import json
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from PIL import Image

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.base import DrawRequest
from tests.hosts.stand_ins import FLAVOURS, Webui

TAGGED = "red dress, <lora:add_detail:0.5>"
NEGATIVE = "EasyNegative, blurry"


# What imports the webui's own modules, and has to be imported anew for each of them.
OURS = ("lib_adcopy.hosts.webui", "lib_adcopy.extension")


@pytest.fixture(params=FLAVOURS)
def webui(request, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("modules", *OURS))]:
        monkeypatch.delitem(sys.modules, name)
    made = Webui(request.param, tmp_path)
    made.install(monkeypatch)
    yield made
    for name in [name for name in sys.modules if name.startswith(OURS)]:
        del sys.modules[name]


@pytest.fixture
def host(webui):
    importlib.import_module("lib_adcopy.extension").Extension().register()
    return importlib.import_module("lib_adcopy.hosts.webui.host").WebuiHost()


def draw(host, positive=TAGGED, negative=NEGATIVE, *, stop=None, progress=None, task_id="", **changes):
    settings = DrawSettings(width=64, height=64, steps=4, seed=7, **changes)
    request = DrawRequest(positive, negative, settings, {"Ad Copy writer": "template"}, {"adcopy": "{}"}, task_id)
    return ModelManager(host).draw(request, progress or (lambda event: None), stop or threading.Event())


def colour(result):
    return result.pictures[0].image.getpixel((0, 0))


def test_a_picture_comes_back_with_its_seed_its_infotext_and_its_file(webui, host):
    picture = draw(host).pictures[0]
    assert picture.seed == 7
    assert "Ad Copy writer: template" in picture.infotext
    assert "Lora hashes" in picture.infotext
    assert "TI hashes" in picture.infotext
    with Image.open(picture.path) as saved:
        assert saved.info["parameters"] == picture.infotext
        assert saved.info["adcopy"] == "{}"


def test_pictures_of_others_are_left_as_they_are(webui, host):
    from types import SimpleNamespace

    params = SimpleNamespace(p=SimpleNamespace(), pnginfo={"parameters": "theirs"})
    for callback in webui.callbacks["on_before_image_saved"]:
        callback(params)
    assert params.pnginfo == {"parameters": "theirs"}


def test_what_was_asked_for_is_drawn_and_not_what_stands_in_other_boxes(webui, host):
    assert "Steps: 4," in draw(host).pictures[0].infotext


def test_other_extensions_run_with_their_users_defaults(webui, host):
    draw(host)
    assert webui.runner.seen == [(0, 99, "user's own")]


def test_a_box_of_another_extension_gives_what_a_fresh_page_would(webui, host):
    chosen = SimpleNamespace(value="shipped")
    kept = SimpleNamespace(value={"model": "shipped"}, stateful=True)
    # As ADetailer does: filled anew when a page loads, by which time ui-config.json has been read.
    kept.load_event_to_attach = (lambda: {"model": chosen.value}, None)
    place = SimpleNamespace(value="second", preprocess=["first", "second"].index)
    broken = SimpleNamespace(value="gone", preprocess=["first", "second"].index)
    whole = SimpleNamespace(value=1.0, preprocess=str)
    chosen.value = "user's own"
    webui.runner.inputs = [*webui.runner.inputs[:1], kept, place, broken, whole]
    webui.runner.overwrites = False
    draw(host)
    assert webui.runner.seen == [(0, {"model": "user's own"}, 1, "gone", "1")]


def test_what_a_script_writes_into_its_state_is_not_kept(webui, host):
    kept = SimpleNamespace(value={"done": []}, stateful=True)
    webui.runner.inputs = [*webui.runner.inputs[:1], kept]
    webui.runner.overwrites = False
    draw(host)
    webui.runner.seen[0][1]["done"].append("once")
    draw(host)
    assert webui.runner.seen[1] == (0, {"done": []})


def test_every_setting_reaches_the_pipeline(webui, host):
    plain = colour(draw(host))
    assert colour(draw(host)) == plain
    for changes in ({"clip_skip": 2}, {"cfg_scale": 3.0}, {"sampler": "Euler a"}, {"checkpoint": "two.safetensors"}):
        assert colour(draw(host, **changes)) != plain
    assert len(draw(host, batch_count=2, batch_size=2).pictures) == 4
    assert draw(host, hires_scale=1.5).pictures[0].image.size == (96, 96)


def test_the_second_pass_is_guided_as_the_first(webui, host):
    draw(host, hires_scale=1.5, cfg_scale=6.0)
    assert getattr(webui.drawn, "hr_cfg", 6.0) == 6.0


def test_whole_numbers_are_written_as_txt2img_writes_them(webui, host):
    draw(host, hires_scale=2.0, denoising=0.4, cfg_scale=7.0)
    drawn = webui.drawn
    assert [repr(value) for value in (drawn.cfg_scale, drawn.hr_scale, drawn.denoising_strength)] == ["7", "2", "0.4"]


def test_a_picture_without_a_second_pass_has_no_denoising_strength(webui, host):
    draw(host)
    assert webui.drawn.denoising_strength is None
    draw(host, hires_scale=1.5, denoising=0.4)
    assert webui.drawn.denoising_strength == 0.4


def test_overrides_are_put_back(webui, host):
    draw(host, clip_skip=2, checkpoint="two.safetensors")
    assert webui.opts.CLIP_stop_at_last_layers == 1
    assert webui.opts.sd_model_checkpoint == "one.safetensors"


def test_a_schedule_is_named_as_the_host_names_it(webui, host):
    text = draw(host, sampler="DPM++ 2M Karras").pictures[0].infotext
    expected = "Sampler: DPM++ 2M, Schedule type: Karras" if webui.splits else "Sampler: DPM++ 2M Karras,"
    assert expected in text
    assert "Sampler: DPM++ 2M" in draw(host, sampler="no such sampler").pictures[0].infotext


def test_the_pipeline_runs_where_the_host_wants_it(webui, host):
    # As the tab does: never from the main thread itself.
    worker = threading.Thread(target=draw, args=(host,))
    worker.start()
    worker.join()
    on_main = webui.drawn_on.name == "forge-main"
    assert on_main == (webui.main is not None)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "hosts.out_of_memory"),
        (ValueError("bad shape"), "hosts.draw_failed"),
        (type("NansException", (Exception,), {})("A tensor with all NaNs"), "hosts.nan_picture"),
    ],
)
def test_a_failure_is_one_sentence_and_the_queue_goes_on(webui, host, error, code):
    webui.fails_with = error
    raised = []

    def work():
        try:
            draw(host, task_id="task(1)")
        except AdCopyError as failure:
            raised.append(failure.code)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert raised == [code]
    assert not webui.lock.held
    assert webui.finished == ["task(1)"]
    assert webui.state.job == ""
    webui.fails_with = None
    assert draw(host).pictures


def test_no_checkpoint_is_said_before_anything_is_tried(webui, host):
    webui.checkpoints.clear()
    with pytest.raises(AdCopyError) as raised:
        draw(host)
    assert raised.value.code == "hosts.no_checkpoint"


def test_an_interrupted_picture_is_kept_and_no_flag_is_left_standing(webui, host):
    webui.step_seconds = 0.05
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    request = DrawRequest(TAGGED, NEGATIVE, DrawSettings(width=64, height=64, steps=400, batch_count=3))
    result = ModelManager(host).draw(request, lambda event: None, stop)
    assert result.interrupted
    assert len(result.pictures) == 1
    assert not webui.state.interrupted
    webui.step_seconds = 0
    assert not draw(host).interrupted


def test_a_picture_stops_within_a_step(webui, host):
    webui.step_seconds = 0.08
    stop = threading.Event()

    def stop_in_the_fourth():
        while webui.state.sampling_step < 4:
            time.sleep(0.001)
        stop.set()

    threading.Thread(target=stop_in_the_fourth, daemon=True).start()
    request = DrawRequest(TAGGED, NEGATIVE, DrawSettings(width=64, height=64, steps=400))
    ModelManager(host).draw(request, lambda event: None, stop)
    # The step it was told in is finished; the next one is not begun.
    assert webui.state.sampling_step == 5


def test_a_skipped_picture_leaves_no_flag_standing(webui, host):
    webui.step_seconds = 0.05
    worker = threading.Thread(target=draw, args=(host,), kwargs={"batch_count": 2})
    worker.start()
    while not webui.state.sampling_step:
        pass
    host.skip()
    worker.join()
    assert not webui.state.skipped
    assert not webui.state.interrupted


def test_pictures_are_filed_under_the_name_someone_signed_in_with(webui, host):
    request = DrawRequest(TAGGED, NEGATIVE, DrawSettings(width=64, height=64, steps=1), user="li")
    ModelManager(host).draw(request, lambda event: None, threading.Event())
    assert webui.drawn.user == "li"
    assert webui.drawn.closed
    draw(host)
    assert webui.drawn.user is None


def test_a_webui_without_a_queue_takes_one_answer_only(webui, host):
    from modules import shared

    assert host.can_stream
    shared.cmd_opts.no_gradio_queue = True
    assert not host.can_stream


def test_refresh_looks_for_what_was_added_since(webui, host, monkeypatch):
    networks = sys.modules["networks"]

    def rescan():
        networks.available_networks["new_one"] = networks.available_networks["add_detail"]

    monkeypatch.setattr(networks, "list_available_networks", rescan)
    assert "new_one" not in host.networks().loras
    host.refresh()
    assert "new_one" in host.networks().loras


def test_the_second_waits_its_turn_and_says_so(webui, host):
    webui.step_seconds = 0.05
    first = threading.Thread(target=draw, args=(host,))
    first.start()
    while not webui.state.job:
        pass
    seen = []
    assert draw(host, progress=seen.append).pictures
    first.join()
    assert seen[0].queued
    assert not any(event.queued for event in seen[1:])


def test_one_stopped_while_it_waited_draws_nothing(webui, host):
    stop = threading.Event()
    with host.held(title="writing"):
        waiting = []
        worker = threading.Thread(target=lambda: waiting.append(draw(host, stop=stop)))
        worker.start()
        stop.set()
    worker.join()
    assert waiting[0].interrupted
    assert waiting[0].pictures == ()


def test_how_far_a_picture_is_is_left_to_the_pages_own_bar(webui, host):
    webui.step_seconds = 0.1
    seen = []
    draw(host, progress=seen.append, task_id="task(1)")
    assert [(event.queued, event.fraction) for event in seen] == [(False, None)] * 2
    assert webui.finished == ["task(1)"]


def test_a_stop_that_comes_after_the_picture_stops_nobody_elses(webui, host):
    stop = threading.Event()
    draw(host, stop=stop)
    webui.step_seconds = 0.1
    worker = threading.Thread(target=draw, args=(host,))
    worker.start()
    while not webui.state.sampling_step:
        pass
    stop.set()
    worker.join()
    assert webui.state.sampling_step == 4


def test_writing_on_the_card_holds_the_queue_and_feeds_the_hosts_bar(webui, host):
    with host.held(title="writing", task_id="task(w)", steps=100) as job:
        assert webui.lock.held
        job.report_step(40)
        assert (webui.state.sampling_step, webui.state.sampling_steps) == (40, 100)
        assert not job.is_interrupted
        host.interrupt()
        assert job.is_interrupted
    assert not webui.lock.held
    assert webui.finished == ["task(w)"]
    with pytest.raises(ValueError, match="broken"), host.held(title="writing"):
        raise ValueError("broken")
    assert not webui.lock.held


def test_networks_are_those_that_fit_the_checkpoint(webui, host):
    found = host.networks()
    assert found.base == "SD1"
    assert set(found.loras) == {"add_detail", "any_lora"}
    assert set(found.embeddings) == {"EasyNegative", "badhandv4"}
    assert found.skipped_embeddings == ("xl_embedding",)


def test_before_a_checkpoint_is_loaded_the_files_say_what_there_will_be(webui, host):
    from modules import sd_hijack, sd_models, ui_extra_networks_textual_inversion

    sd_models.model_data.sd_model = None
    for database in (getattr(ui_extra_networks_textual_inversion, "embedding_db", None),
                     getattr(getattr(sd_hijack, "model_hijack", None), "embedding_db", None)):  # fmt: skip
        if database:
            database.word_embeddings.clear()
            database.skipped_embeddings.clear()
    (webui.folder / "embeddings").mkdir()
    (webui.folder / "embeddings" / "EasyNegative.safetensors").write_bytes(b"")
    (webui.folder / "embeddings" / "readme.txt").write_text("")
    found = host.networks()
    assert found.base == "unknown"
    assert found.embeddings == ("EasyNegative",)
    assert "xl_lora" in found.loras


def checkpoint_file(folder, mark):
    header = json.dumps({mark: {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]}}).encode()
    file = folder / "one.safetensors"
    file.write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0")
    return file


def test_another_checkpoint_than_the_loaded_one_gets_its_own_sizes_and_networks(webui, host, tmp_path):
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.copywriting.brief import parse_brief

    file = checkpoint_file(tmp_path, "conditioner.embedders.1.model.ln_final.weight")
    other = SimpleNamespace(title="other.safetensors", filename=str(file))
    webui.checkpoints["other.safetensors"] = other
    found, studio = host.networks(other.title), Studio(host)
    assert (found.base, found.skipped_embeddings) == ("SDXL", ())
    assert "xl_lora" in found.loras and "xl_embedding" in found.embeddings
    style, brief = studio.styling.style("classic"), parse_brief("红色连衣裙")
    widths = [studio.styling.plan(style, "taobao-main", checkpoint).width for checkpoint in ("", other.title)]
    assert widths[0] < widths[1] == 1024
    assert "<lora:add_detail" in studio.derive(Ad(brief)).prompt.positive
    elsewhere = Ad(brief, drawing=DrawSettings(checkpoint=other.title))
    assert "<lora:add_detail" not in studio.derive(elsewhere).prompt.positive
    assert host.checkpoint() != other.title


@pytest.mark.parametrize(
    ("mark", "base"),
    [
        ("conditioner.embedders.1.model.ln_final.weight", "SDXL"),
        ("cond_stage_model.transformer.text_model.final_layer_norm.weight", "SD1"),
        ("model.other", "unknown"),
    ],
)
def test_before_a_checkpoint_is_loaded_its_file_says_what_it_is(webui, host, tmp_path, mark, base):
    from modules import sd_models

    from lib_adcopy.app.studio import Studio

    webui.checkpoints["one.safetensors"].filename = str(checkpoint_file(tmp_path, mark))
    sd_models.model_data.sd_model = None
    assert host.networks().base == base
    styling = Studio(host).styling
    assert (styling.plan(styling.style("classic"), "taobao-main").width == 1024) == (base == "SDXL")


def test_without_the_lora_extension_there_are_no_loras(webui, host, monkeypatch):
    monkeypatch.delitem(sys.modules, "networks")
    assert host.networks().loras == ()


def test_tokens_are_counted_by_the_host_and_estimated_until_it_can(webui, host):
    assert host.token_count("red dress, <lora:x:1>", negative=False, steps=20) == (2, 75, False)
    webui.model = None
    assert host.token_count("red dress", negative=True, steps=20) == (2, 75, True)


def test_a_count_of_words_is_not_taken_for_one_of_tokens(webui, host):
    from modules import sd_models

    # Forge has a stand-in of this name until a checkpoint is loaded, and counts words by it.
    sd_models.model_data.sd_model = type("FakeInitialModel", (), {})()
    assert host.token_count("epaulettes", negative=False, steps=20).about


def test_the_users_own_defaults_are_the_start(webui, host):
    saved = {"customscript/sampler.py/txt2img/Sampling steps/value": 35, "txt2img/CFG Scale/value": 7.0,
             "txt2img/Batch count/value": 2}  # fmt: skip
    assert host.default_settings() == DrawSettings()
    (webui.folder / "ui-config.json").write_text(json.dumps(saved))
    assert host.default_settings() == DrawSettings(steps=35, batch_count=2)
    mistyped = '{"txt2img/Sampling steps/value": "many", "txt2img/Seed/value": 1e999}'
    for broken in ("{torn", "[]", "[" * 100_000, mistyped):
        (webui.folder / "ui-config.json").write_text(broken)
        assert host.default_settings() == DrawSettings()


def test_names_for_the_settings_are_the_hosts(webui, host):
    assert "Euler a" in host.samplers()
    assert bool(host.schedulers()) == webui.splits
    assert host.upscalers() == ("Latent", "Lanczos")
    assert host.checkpoints() == ("one.safetensors", "two.safetensors")
    assert host.language() == "zh_CN"
    webui.opts.data["localization"] = "None"
    assert host.language() is None


def test_a_page_others_can_reach_is_known(webui, host):
    from modules import shared

    assert not host.is_shared()
    shared.cmd_opts.disable_extension_access = True
    assert host.is_shared()


def test_the_settings_page_has_our_section_and_flags_go_first(webui, host):
    for callback in webui.callbacks["on_ui_settings"]:
        callback()
    labels = webui.opts.data_labels
    assert labels["adcopy_device"].section == ("adcopy", "Ad Copy")
    for key in ("adcopy_device", "adcopy_bits", "adcopy_policy"):
        assert labels[key].component.__name__ == "Radio"
        assert labels[key].default in labels[key].component_args["choices"]
    assert labels["adcopy_idle_minutes"].component_args["minimum"] == labels["adcopy_idle_minutes"].default == 0
    assert host.option("device", "auto") == "auto"
    from modules import shared

    shared.cmd_opts.adcopy_device = "cpu"
    assert host.option("device", "auto") == "cpu"
    webui.opts.data["adcopy_model_folders"] = "/a ; /b"
    shared.cmd_opts.adcopy_model_dir = ["/c"]
    assert [path.name for path in host.paths().extra_models] == ["c", "a", "b"]


def test_a_key_typed_on_the_settings_page_is_kept_out_of_the_webuis_settings(webui, host, caplog):
    from lib_adcopy.app.server import WritingServer

    for callback in webui.callbacks["on_ui_settings"]:
        callback()
    labels, server = webui.opts.data_labels, WritingServer(host)
    assert labels["adcopy_server_key"].component_args == {"type": "password"}
    assert labels["adcopy_server_address"].default == "" and labels["adcopy_server_public"].default is False
    for key, value in (("address", "127.0.0.1:1234"), ("key", "sk-typed"), ("model", "tiny"), ("public", True)):
        webui.opts.set(f"adcopy_server_{key}", value)
    webui.opts.save(webui.folder / "config.json")
    kept = server.settings()
    assert (kept.address, kept.key, kept.model, kept.public) == ("127.0.0.1:1234", "sk-typed", "tiny", True)
    assert "sk-typed" not in (webui.folder / "config.json").read_text() + repr(webui.opts.data) + caplog.text
    assert host.option("server_key", "") == ""
    # Saved again as it is shown, empty, the key stays.
    webui.opts.set("adcopy_server_key", "")
    assert server.settings().key == "sk-typed"


def test_what_the_tab_sets_is_saved_with_the_webuis_settings(webui, host, monkeypatch):
    from lib_adcopy.app.server import WritingServer
    from lib_adcopy.domain.server import ServerSettings

    for callback in webui.callbacks["on_ui_settings"]:
        callback()
    server = WritingServer(host)
    server.save(ServerSettings("localhost:11434", "sk-typed", "tiny"))
    saved = json.loads((webui.folder / "config.json").read_text())
    assert saved["adcopy_server_address"] == "http://localhost:11434/v1" and saved["adcopy_server_model"] == "tiny"
    assert "sk-typed" not in str(saved) and server.settings().key == "sk-typed"

    def frozen(self, filename):
        raise AssertionError("saving settings is disabled")

    monkeypatch.setattr(type(webui.opts), "save", frozen)
    with pytest.raises(AdCopyError) as error:
        server.save(ServerSettings("localhost:1", "", "tiny"))
    assert error.value.code == "hosts.settings_not_saved"


def test_what_we_keep_is_where_the_webui_serves_nothing(webui, host):
    assert host.paths().data.name.startswith(".")


def test_the_tab_is_built_into_the_hosts_panel_and_again_after_reload_ui(webui, host):
    gradio = pytest.importorskip("gradio")
    for _ in range(2):
        [(blocks, title, tab_id)] = webui.callbacks["on_ui_tabs"][0]()
        assert isinstance(blocks, gradio.Blocks)
        assert (title, tab_id) == ("Ad Copy", "adcopy")
        ids = {block.elem_id for block in blocks.blocks.values()}
        assert {f"adcopy_{name}" for name in (
            "brief", "writer", "write", "copy", "prompt", "negative_prompt", "derive", "generate", "interrupt", "skip",
            "create", "gallery", "status",
        )} <= ids  # fmt: skip
        webui.callbacks["on_script_unloaded"][0]()
    targets = {binding.tabname for binding in webui.bindings}
    assert targets == {"txt2img", "img2img", "inpaint", "extras"}
    # A text sent to inpaint calls a script that no host has; one sent to img2img fills the same boxes.
    assert all(bound.source_text_component is None for bound in webui.bindings if bound.tabname == "inpaint")


def test_a_saved_picture_can_be_chosen_in_the_gallery_of_gradio_4(webui, host, monkeypatch):
    pytest.importorskip("gradio")
    compat = importlib.import_module("lib_adcopy.ui.compat")
    image = draw(host).pictures[0].image
    monkeypatch.setattr(compat, "GRADIO_4", True)
    shown = compat.selectable(image)
    assert shown.tobytes() == image.tobytes()
    assert not hasattr(shown, "already_saved_as")
    monkeypatch.setattr(compat, "GRADIO_4", False)
    assert compat.selectable(image) is image


def test_the_panels_facts_grow_with_our_posters(webui, host):
    info = json.dumps({"infotexts": ["one"], "all_seeds": [7], "index_of_first_image": 0})
    grown = json.loads(host.panel_info(info, 2))
    assert grown["infotexts"] == ["one"] * 3
    assert grown["all_seeds"] == [7] * 3
    assert host.panel_info("", 1) == ""


def test_the_webuis_own_styles_are_found_however_it_names_their_files(webui, host, tmp_path):
    options = sys.modules["modules.shared"].cmd_opts
    for name in ("styles.csv", "styles-extra.csv"):
        (tmp_path / name).write_text("name,prompt,negative_prompt\nFilm,{prompt} on film,\n", encoding="utf-8")
    options.styles_file = str(tmp_path / "styles.csv")
    assert host.style_files() == (tmp_path / "styles.csv",)
    options.styles_file = [str(tmp_path / "styles*.csv"), str(tmp_path / "none.csv")]
    assert set(host.style_files()) == {tmp_path / "styles.csv", tmp_path / "styles-extra.csv"}
    options.styles_file = []
    assert host.style_files() == ()


def test_a_style_of_the_webuis_own_list_is_offered_and_stands_around_the_product(webui, host, tmp_path):
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.copywriting.brief import parse_brief

    (tmp_path / "styles.csv").write_text(
        'name,prompt,negative_prompt\nFilm,"film photo of {prompt}, grain <lora:any_lora:0.6>",oversaturated\n'
    )
    sys.modules["modules.shared"].cmd_opts.styles_file = [str(tmp_path / "styles.csv")]
    studio = Studio(host)
    assert "Film" in studio.styling.styles()
    prompt = studio.derive(Ad(parse_brief("陶瓷马克杯"), style="Film")).prompt
    assert prompt.positive == "film photo of a single ceramic mug, grain, <lora:any_lora:0.6>"
    assert prompt.negative.startswith("oversaturated")
    assert prompt.notes == ()


def test_the_boxes_to_inpaint_with_a_mask_are_found_by_their_ids(webui, host):
    [tell] = webui.callbacks["on_after_component"]
    picture, mask, other = object(), object(), object()
    for part, elem_id in ((other, "img2img_image"), (picture, "img_inpaint_base"), (mask, "img_inpaint_mask")):
        tell(part, elem_id=elem_id)
    assert host.masked_inpaint_boxes() == (picture, mask)


def test_png_info_has_a_button_that_sends_a_picture_here(webui, host):
    gradio = pytest.importorskip("gradio")
    [tell] = webui.callbacks["on_after_component"]
    with gradio.Blocks() as page:
        for elem_id in ("pnginfo_image", None, "pnginfo_generation_info"):
            tell(gradio.Textbox(elem_id=elem_id), elem_id=elem_id)
    buttons = [block for block in page.blocks.values() if isinstance(block, gradio.Button)]
    assert [(button.elem_id, button.value) for button in buttons] == [("adcopy_send_here", "发送到 Ad Copy")]
