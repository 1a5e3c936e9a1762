"""Two hundred kill -9, spread over all that writes files: nothing is lost, the next try ends as if there was none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
OWN = {"his.txt": b"his", "his.safetensors": b"his weights"}

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no fork, no kill -9")]


class Worker:
    """The process that does one kind of work; see work.py."""

    def __init__(self, kind, *given):
        command = [sys.executable, "-m", "tests.unit.crash.work", kind, *map(str, given)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(command, cwd=ROOT, **pipes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.communicate()

    def run(self, folder, kill_at=0):
        folder.mkdir(exist_ok=True)
        self._process.stdin.write(f"{kill_at} {folder}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def kept(folder):
    """What stands under names that a user sees."""
    return {
        name: data
        for name, data in contents(folder).items()
        if not any(part.startswith(".") for part in Path(name).parts)
    }


def survives(worker, tmp_path, kills, *, check=lambda folder: None, tries=4, same=True):
    """Kill the work at `kills` places, `tries` times in each folder; in each it must then come to its usual end."""
    whole = tmp_path / "whole"
    lines = int(worker.run(whole).removeprefix("done "))
    killed = 0
    for start in range(0, kills, tries):
        folder = tmp_path / f"killed-{start}"
        folder.mkdir()
        for name, data in OWN.items():
            (folder / name).write_bytes(data)
        for number in range(start, min(start + tries, kills)):
            # What is resumed has fewer lines: it may end before it is killed.
            killed += worker.run(folder, 1 + number * lines // kills) == "killed"
            assert OWN.items() <= contents(folder).items()
            check(folder)
        assert worker.run(folder).startswith("done")
        assert OWN.items() <= contents(folder).items()
        check(folder)
        if same:
            assert kept(folder) == {**kept(whole), **OWN}
    return killed


@pytest.fixture
def tiny(tmp_path):
    """A model in half precision whose numbers are noise."""
    torch = pytest.importorskip("torch")
    from lib_adcopy.chatglm.config import ChatGLMConfig
    from lib_adcopy.chatglm.model import ChatGLM
    from tests.unit.model_library.conftest import CONFIG

    folder = tmp_path / "source"
    folder.mkdir()
    torch.manual_seed(0)
    network = ChatGLM(ChatGLMConfig(**{name: value for name, value in CONFIG.items() if hasattr(ChatGLMConfig, name)}))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter)
    torch.save({name: weight.half() for name, weight in network.state_dict().items()}, folder / "pytorch_model.bin")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "ice_text.model").write_bytes(b"a tokenizer")
    return folder


def test_downloads_survive(tmp_path):
    from tests.unit.model_library.conftest import safetensors
    from tests.unit.model_library.hub import hub_at_work

    lora = safetensors({"lora.weight": (300, 1000)})
    with hub_at_work() as hub:
        hub.files["x.safetensors"] = lora
        with Worker("download", f"{hub.address}/x.safetensors") as worker:

            def check(folder):
                file = folder / "x.safetensors"
                assert not file.exists() or file.read_bytes() == lora

            # Each try in a folder of its own: where the file is there, little is left to be killed.
            assert survives(worker, tmp_path, 20, check=check, tries=1) == 20


def test_fetched_models_survive(tmp_path, tiny):
    with Worker("model", tiny) as worker:

        def check(folder):
            made = folder / "tiny"
            assert not made.exists() or contents(made) == contents(tiny)

        assert survives(worker, tmp_path, 20, check=check, tries=1) == 20


def test_conversions_survive(tmp_path, tiny):
    from lib_adcopy.chatglm import check_folder

    with Worker("convert", tiny) as worker:

        def check(folder):
            out = folder / "out"
            assert not out.exists() or check_folder(out).problem is None

        assert survives(worker, tmp_path, 40, check=check, tries=1) == 40


def test_saved_creatives_survive(tmp_path):
    from PIL import Image

    from lib_adcopy.storage import read

    with Worker("save") as worker:

        def check(folder):
            for file in folder.glob("*.png"):
                Image.open(file).load()
                read(file)

        assert survives(worker, tmp_path, 40, check=check, tries=10, same=False) == 40


def test_styles_survive(tmp_path):
    from lib_adcopy.prompting.styles.style import load_styles

    with Worker("style") as worker:

        def check(folder):
            for file in folder.glob("mine.json"):
                assert load_styles(folder)["mine"].name == "mine"
                json.loads(file.read_text(encoding="utf-8"))

        assert survives(worker, tmp_path, 40, check=check, tries=10) == 40


def test_trainings_survive(tmp_path):
    torch = pytest.importorskip("torch")
    from tests.unit.training.conftest import make_tiny
    from tests.unit.training.runs import examples

    base, data = make_tiny(tmp_path / "base"), examples(tmp_path, 4)
    with Worker("train", base, data) as worker:

        def check(folder):
            out = folder / "out"
            if (out / "config.json").exists():
                # Listed, so it must be whole.
                assert torch.load(out / "pytorch_model.bin", weights_only=True)
                assert json.loads((out / "card.json").read_text(encoding="utf-8"))["step"] == 3

        killed = survives(worker, tmp_path, 40, check=check, tries=1, same=False)
        assert killed == 40
        runs = [torch.load(out, weights_only=True) for out in tmp_path.glob("*/out/pytorch_model.bin")]
        assert len(runs) == 41
        assert all(torch.equal(run[name], runs[0][name]) for run in runs for name in run)
