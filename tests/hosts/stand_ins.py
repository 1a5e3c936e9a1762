"""Stand-ins for the webuis' `modules.*`, one for each flavour, with what was seen to differ between the real ones.

They draw a picture whose pixels depend on everything that should matter (prompt, networks, seed, steps, sampler, clip
skip), so that a test can tell whether a setting reached the pipeline.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import sys
import threading
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.hosts import img2img_stand_in

FLAVOURS = ("akegarasu", "a1111", "reforge", "forge")
_TAG = re.compile(r"<lora:([^:>]+):([^>]+)>")


class State:
    def __init__(self):
        self.skipped = self.interrupted = self.stopping_generation = False
        self.job, self.job_count, self.job_no = "", 0, 0
        self.sampling_step = self.sampling_steps = 0
        self.textinfo = None

    def begin(self, job="(unknown)"):
        self.__init__()
        self.job, self.job_count = job, -1

    def end(self):
        self.job, self.job_count = "", 0

    def interrupt(self):
        self.interrupted = True

    def skip(self):
        self.skipped = True


class Options:
    """Attributes are the user's settings; `data` holds those his config.json has."""

    def __init__(self):
        self.data_labels = {}
        self.data = {}
        for key, default in {
            "outdir_samples": "", "outdir_txt2img_samples": "outputs/txt2img-images", "outdir_grids": "",
            "outdir_txt2img_grids": "outputs/txt2img-grids", "localization": "zh_CN", "CLIP_stop_at_last_layers": 1,
            "sd_model_checkpoint": "one.safetensors", **img2img_stand_in.OPTIONS,
        }.items():  # fmt: skip
            self.data_labels[key] = OptionInfo(default)
        self.data["sd_model_checkpoint"] = "one.safetensors"

    def __getattr__(self, key):
        if key in ("data", "data_labels"):
            raise AttributeError(key)
        if key in self.data:
            return self.data[key]
        if key in self.data_labels:
            return self.data_labels[key].default
        raise AttributeError(key)

    def add_option(self, key, info):
        self.data_labels[key] = info

    def set(self, key, value):
        """As modules/options.py: the Settings page, its API and extensions all come through here."""
        if self.data.get(key) == value:
            return False
        self.data[key] = value
        if self.data_labels[key].onchange:
            self.data_labels[key].onchange()
        return True

    def save(self, filename):
        Path(filename).write_text(json.dumps(self.data), encoding="utf-8")


class OptionInfo:
    def __init__(self, default=None, label="", component=None, component_args=None, section=None, **extra):
        self.default, self.label, self.section = default, label, section
        self.component, self.component_args = component, component_args
        self.onchange = None


class FIFOLock:
    """Not re-entrant: a second acquire by its holder would wait for ever, so here it fails."""

    def __init__(self):
        self._lock, self._holder = threading.Lock(), None

    def __enter__(self):
        assert self._holder != threading.get_ident(), "the queue's lock is not re-entrant"
        self._lock.acquire()
        self._holder = threading.get_ident()

    def __exit__(self, *error):
        self._holder = None
        self._lock.release()

    @property
    def held(self):
        return self._lock.locked()


class Runner:
    """scripts_txt2img: the boxes of the built-in Sampler and Seed scripts and of one extension."""

    def __init__(self, splits):
        self.inputs = [SimpleNamespace(value="None"), SimpleNamespace(value=99), SimpleNamespace(value="user's own")]
        self.overwrites = splits
        self.seen = []

    def setup_scrips(self, p, *, is_ui=True):
        if is_ui and self.overwrites:
            p.steps = self.inputs[1].value

    def run(self, p):
        self.seen.append(p.script_args)


def _processing_class(flavour):
    fields = [
        ("outpath_samples", str, ""), ("outpath_grids", str, ""), ("prompt", str, ""), ("negative_prompt", str, ""),
        ("seed", int, -1), ("sampler_name", str, None), ("steps", int, 50), ("cfg_scale", float, 7.0),
        ("width", int, 512), ("height", int, 512), ("batch_size", int, 1), ("n_iter", int, 1),
        ("do_not_save_grid", bool, False), ("extra_generation_params", dict, None), ("override_settings", dict, None),
        ("enable_hr", bool, False), ("hr_scale", float, 2.0), ("hr_upscaler", str, None),
        ("hr_second_pass_steps", int, 0), ("denoising_strength", float, 0.75),
    ]  # fmt: skip
    if flavour != "akegarasu":
        fields.append(("scheduler", str, None))
    if flavour in ("reforge", "forge"):
        # A guidance of 1 is none: the second pass would not hear the negative prompt.
        fields.append(("hr_cfg", float, 1.0))
    if flavour == "forge":
        fields.append(("hr_additional_modules", list, None))

    class Base:
        is_api = False
        user = None
        _scripts = None
        _args = ()

        @property
        def scripts(self):
            return self._scripts

        @scripts.setter
        def scripts(self, value):
            self._scripts = value
            self._set_up()

        @property
        def script_args(self):
            return self._args

        @script_args.setter
        def script_args(self, value):
            self._args = value
            self._set_up()

        def _set_up(self):
            if self._scripts and self._args:
                self._scripts.setup_scrips(self, is_ui=not self.is_api)

        def close(self):
            self.closed = True

    return dataclasses.make_dataclass(
        "StableDiffusionProcessingTxt2Img",
        [(name, kind, dataclasses.field(default=default)) for name, kind, default in fields],
        bases=(Base,),
    )


class Webui:
    """One flavour's modules, put into sys.modules by `install`."""

    def __init__(self, flavour, folder):
        self.flavour, self.folder = flavour, folder
        self.state, self.opts, self.lock = State(), Options(), FIFOLock()
        self.splits = flavour != "akegarasu"
        self.runner = Runner(self.splits)
        self.step_seconds, self.fails_with = 0.0, None
        self.callbacks: dict[str, list] = {}
        self.bindings: list = []
        self.finished: list = []
        self.pending: dict = {}
        self.drawn_on: Any = None
        self.drawn: Any = None
        self.loras = {"add_detail": "SD1", "any_lora": "Unknown", "xl_lora": "SDXL"}
        self.embeddings = {"EasyNegative": 8, "badhandv4": 6}
        self.skipped = {"xl_embedding": 8}
        self.model = SimpleNamespace(is_sd1=True, is_sd2=False, is_sdxl=False)
        self.checkpoints = {name: SimpleNamespace(title=name) for name in ("one.safetensors", "two.safetensors")}
        self.processing = _processing_class(flavour)
        self.img2img = img2img_stand_in.processing_class(flavour, self.processing)
        self.img2img_runner = Runner(self.splits)
        if flavour == "akegarasu":
            for key in img2img_stand_in.NOT_IN_AKEGARASU:
                del self.opts.data_labels[key]
        self.main = MainThread() if flavour in ("reforge", "forge") else None

    # ---- what the pipeline does

    def process_images(self, p):
        from PIL import Image

        self.drawn_on, self.drawn = threading.current_thread(), p
        if self.fails_with:
            raise self.fails_with
        if p.scripts is None and self.flavour == "reforge":
            raise AttributeError("'NoneType' object has no attribute 'alwayson_scripts'")
        if self.flavour == "forge" and getattr(p, "enable_hr", False) and p.hr_additional_modules is None:
            raise TypeError("argument of type 'NoneType' is not iterable")
        stored = {key: self.opts.data[key] for key in p.override_settings if key in self.opts.data}
        if self.flavour == "akegarasu" and set(p.override_settings) - set(stored):
            raise KeyError("a key that config.json lacks")
        self.opts.data.update(p.override_settings)
        try:
            p.scripts.run(p)
            return self._drawn(p, Image)
        finally:
            self.opts.data.update(stored)

    def _drawn(self, p, image_module):
        if isinstance(p, self.img2img):
            return img2img_stand_in.drawn(self, p, Processed)
        asked = _TAG.findall(p.prompt)
        known = [(name, weight) for name, weight in asked if name in self.loras]
        if len(known) < len(asked) and self.main:
            known = []
        embeddings = [name for name in self.embeddings if name in p.negative_prompt]
        seed = p.seed if p.seed >= 0 else 4242
        self.state.job_count = p.n_iter
        images, infotexts, seeds = [], [], []
        for batch in range(p.n_iter):
            if self.state.interrupted:
                break
            self.state.job_no, self.state.sampling_steps = batch, p.steps
            done = self._sample(p.steps)
            for number in range(p.batch_size):
                own = seed + batch * p.batch_size + number
                facts = (p.prompt, known, embeddings, own, done, p.sampler_name, p.cfg_scale,
                         self.opts.CLIP_stop_at_last_layers, self.opts.sd_model_checkpoint)  # fmt: skip
                colour = tuple(hashlib.sha256(repr(facts).encode()).digest()[:3])
                scale = p.hr_scale if p.enable_hr else 1
                image = image_module.new("RGB", (int(p.width * scale), int(p.height * scale)), colour)
                images.append(image)
                infotexts.append(self._infotext(p, own, known, embeddings))
                seeds.append(own)
                self._save(p, image, own, infotexts[-1])
        return Processed(images, infotexts, seeds)

    def _sample(self, steps):
        for step in range(steps):
            self.state.sampling_step = step + 1
            if self.state.interrupted or self.state.skipped:
                return step
            time.sleep(self.step_seconds)
        return steps

    def _infotext(self, p, seed, loras, embeddings):
        extra = "".join(f", {key}: {value}" for key, value in (p.extra_generation_params or {}).items())
        hashes = f', Lora hashes: "{", ".join(f"{name}: abc" for name, _ in loras)}"' if loras else ""
        hashes += f', TI hashes: "{", ".join(embeddings)}"' if embeddings else ""
        schedule = f", Schedule type: {p.scheduler}" if self.splits else ""
        facts = f"Steps: {p.steps}, Sampler: {p.sampler_name}{schedule}, Seed: {seed}{extra}{hashes}"
        return f"{p.prompt}\nNegative prompt: {p.negative_prompt}\n{facts}"

    def _save(self, p, image, seed, infotext):
        from PIL.PngImagePlugin import PngInfo

        folder = self.folder / p.outpath_samples
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{seed}.png"
        params = SimpleNamespace(image=image, p=p, filename=str(file), pnginfo={"parameters": infotext})
        for callback in self.callbacks.get("on_before_image_saved", []):
            callback(params)
        chunks = PngInfo()
        for key, value in params.pnginfo.items():
            chunks.add_itxt(key, str(value))
        image.save(file, pnginfo=chunks)
        image.already_saved_as = str(file)

    # ---- what the modules are called

    def install(self, monkeypatch):
        for name, parts in self._modules().items():
            module: Any = ModuleType(name)
            vars(module).update(parts)
            monkeypatch.setitem(sys.modules, name, module)
            parent, _, leaf = name.rpartition(".")
            if parent and parent in sys.modules:
                setattr(sys.modules[parent], leaf, module)

    def _modules(self):
        names = ("DPM++ 2M", "Euler a") if self.splits else ("DPM++ 2M Karras", "DPM++ 2M", "Euler a")
        shared = {
            "state": self.state, "opts": self.opts, "OptionInfo": OptionInfo,
            "config_filename": str(self.folder / "config.json"),
            "total_tqdm": SimpleNamespace(clear=lambda: None),
            "latent_upscale_modes": {"Latent": {}}, "sd_upscalers": [SimpleNamespace(name="Lanczos")],
            "cmd_opts": SimpleNamespace(
                embeddings_dir=str(self.folder / "embeddings"), ui_config_file=str(self.folder / "ui-config.json"),
                disable_extension_access=False, adcopy_model_dir=None, adcopy_device=None,
            ),
        }  # fmt: skip
        embedding_db = SimpleNamespace(
            word_embeddings=dict(self.embeddings), skipped_embeddings=dict(self.skipped),
            load_textual_inversion_embeddings=lambda force_reload=False: None,
        )  # fmt: skip
        told = ("ui_tabs", "ui_settings", "app_started", "after_component", "before_image_saved", "script_unloaded")
        on = {f"on_{name}": self._registrar(f"on_{name}") for name in told}
        found = {
            "modules": {},
            "modules.shared": shared,
            "modules.paths_internal": {"data_path": str(self.folder)},
            "modules.call_queue": {"queue_lock": self.lock},
            "modules.progress": {
                "add_task_to_queue": lambda task: self.pending.__setitem__(task, 1),
                "start_task": lambda task: self.pending.pop(task, None),
                "finish_task": self.finished.append,
            },
            "modules.script_callbacks": on,
            "modules.scripts": {"scripts_txt2img": self.runner, "scripts_img2img": self.img2img_runner},
            "modules.processing": {
                "StableDiffusionProcessingTxt2Img": self.processing, "process_images": self.process_images,
                "StableDiffusionProcessingImg2Img": self.img2img,
            },
            "modules.devices": {"device": SimpleNamespace(type="cuda", index=1)},
            "modules.sd_models": {
                "checkpoints_list": self.checkpoints, "list_models": lambda: None,
                "model_data": SimpleNamespace(sd_model=self.model),
            },
            "modules.sd_samplers": {
                "samplers": [SimpleNamespace(name=name) for name in names], "samplers_hidden": set(),
            },
            "modules.sd_hijack": {"model_hijack": SimpleNamespace(embedding_db=embedding_db)},
            "modules.ui_extra_networks_textual_inversion": {},
            "modules.ui": {"update_token_counter": self._token_counter()},
            "modules.ui_common": {"create_output_panel": self._output_panel},
            "networks": {
                "available_networks": {
                    name: SimpleNamespace(sd_version=SimpleNamespace(name=kind)) for name, kind in self.loras.items()
                },
                "list_available_networks": lambda: None,
            },
        }  # fmt: skip
        if self.splits:
            found["modules.sd_schedulers"] = {
                "schedulers": [SimpleNamespace(label=label) for label in ("Automatic", "Karras")]
            }
        paste = {
            "ParamBinding": dataclasses.make_dataclass("ParamBinding", [
                ("paste_button", Any), ("tabname", str), ("source_text_component", Any, None),
                ("source_image_component", Any, None),
            ]),
            "register_paste_params_button": self.bindings.append,
        }  # fmt: skip
        paste_name = "infotext_utils" if self.splits else "generation_parameters_copypaste"
        found[f"modules.{paste_name}"] = paste
        if self.flavour == "forge":
            found["modules.ui_extra_networks_textual_inversion"] = {"embedding_db": embedding_db}
            found["modules.sd_hijack"] = {}
        if self.main:
            found["modules_forge"] = {}
            found["modules_forge.main_thread"] = {"run_and_wait_result": self.main.run_and_wait_result}
        return found

    def _registrar(self, name):
        return lambda callback, **extra: self.callbacks.setdefault(name, []).append(callback)

    def _token_counter(self):
        def shown(text):
            count = len(_TAG.sub("", text).split())
            known = self.model is not None
            return f"<span class='gr-box gr-text-input'>{count if known else '-'}/{75 if known else '-'}</span>"

        if not self.splits:
            return lambda text, steps: shown(text)
        return lambda text, steps, styles, *, is_positive=True: shown(text)

    def _output_panel(self, tabname, outdir, toprow=None):
        import gradio as gr

        gallery = gr.Gallery(elem_id=f"{tabname}_gallery")
        info, log = gr.HTML(), gr.HTML()
        generation_info = gr.Textbox(visible=False)
        if self.flavour == "akegarasu":
            return gallery, generation_info, info, log
        return SimpleNamespace(gallery=gallery, generation_info=generation_info, infotext=info, html_log=log)


class Processed:
    def __init__(self, images, infotexts, seeds):
        self.images, self.infotexts, self.all_seeds = images, infotexts, seeds
        self.index_of_first_image, self.comments = 0, ""
        self.info = infotexts[0] if infotexts else ""
        self.seed = seeds[0] if seeds else -1

    def js(self):
        return '{"infotexts": []}'


class MainThread:
    """Forge's: work is done on another thread than the caller's; an error comes back as None."""

    def run_and_wait_result(self, work, *args):
        answer: list = [None]

        def run():
            try:
                answer[0] = work(*args)
            except Exception:
                answer[0] = None

        worker = threading.Thread(target=run, name="forge-main")
        worker.start()
        worker.join()
        return answer[0]
