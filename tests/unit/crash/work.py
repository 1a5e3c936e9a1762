"""A process that does one kind of work again and again in forked children, which kill themselves at a given line.

    python -m tests.unit.crash.work KIND FOLDER...

For each request, a line "LINE FOLDER", a child is forked; it counts the lines of lib_adcopy that it runs and dies of
SIGKILL at number LINE (0: never). The answer is "killed", or "done" with the number of lines.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from lib_adcopy.errors import AdCopyError

PACKAGE = str(Path(__file__).resolve().parents[3] / "lib_adcopy")
# Watched for kills; what computes in between neither writes nor names files.
WATCHED = (
    "storage", "model_library", "prompting/styles", "training/tune.py", "training/prefix.py", "training/training.py",
)  # fmt: skip


def download(given):
    import safetensors.numpy  # noqa: F401

    from lib_adcopy.model_library.download import fetch_file

    address = given[0]

    def work(folder):
        fetch_file(address, "lora", folder, on_progress=lambda progress: None, stop=threading.Event())

    return work


def model(given):
    """A published model, from a hub's client that copies its files."""
    import shutil

    from lib_adcopy.model_library import fetch
    from lib_adcopy.model_library.sources import DownloadSource, HubPin, PublishedModel

    source = Path(given[0])

    class Client:
        def __init__(self, home, bytes_so_far, stop):
            pass

        def open(self, source_of, pin, folder):
            self.folder = Path(folder)
            return {"files": [{"name": file.name, "size": 0, "sha256": ""} for file in sorted(source.iterdir())]}

        def ask(self, request):
            shutil.copyfile(source / request["file"], self.folder / request["file"])
            return {"done": request["file"]}

        def close(self):
            pass

    fetch.HubProcess = Client
    published = PublishedModel("tiny", 1, {"huggingface": HubPin("owner/name", "main")})

    def work(folder):
        stop = threading.Event()
        source = DownloadSource("huggingface")
        fetch.fetch_model(published, source, folder, on_progress=lambda progress: None, stop=stop)

    return work


def convert(given):
    import torch

    from lib_adcopy.chatglm import load, quantisation, save  # noqa: F401
    from lib_adcopy.model_library import convert as converting

    torch.set_num_threads(1)
    converting._PART_BYTES = 100_000
    # Else every child would compile the processor's products.
    converting._starts_on_processor = lambda: False
    source = Path(given[0])

    def work(folder):
        try:
            converting.convert(source, 4, folder / "out", on_progress=lambda progress: None, stop=threading.Event())
        except AdCopyError as error:
            # Killed when all was done.
            if error.code != "model_library.name_taken":
                raise

    return work


def save(given):
    from PIL import Image

    from lib_adcopy.copywriting.brief import parse_brief
    from lib_adcopy.domain.ad import Ad
    from lib_adcopy.storage.creatives import record_text, save

    text = record_text(Ad(parse_brief("口红，显白")))

    def work(folder):
        save(Image.new("RGB", (64, 64), "red"), text, folder, "creative")

    return work


def style(given):
    from lib_adcopy.prompting.styles.style import load_styles, save_style

    ours = next(iter(load_styles().values()))

    def work(folder):
        from dataclasses import replace

        save_style(replace(ours, name="mine"), folder)

    return work


def train(given):
    import torch

    from lib_adcopy.chatglm import load_model, load_tokenizer
    from lib_adcopy.training.data import overview, read_data
    from lib_adcopy.training.settings import Settings
    from lib_adcopy.training.tune import tune

    torch.set_num_threads(1)
    base, data = map(Path, given)
    quick = {"accumulation": 1, "held_out": 0.0, "save_every": 1, "gradient_checkpointing": False}
    settings = Settings(prefix_length=2, steps=3, max_target=8, **quick)
    # Once for all children: word lists, rules and what torch imports late.
    overview(read_data(data))
    load_model(base), load_tokenizer(base)
    torch.optim.AdamW([torch.zeros(1)])

    def work(folder):
        tune(data=data, model=base, out=folder / "out", settings=settings)

    return work


def run(work, folder, kill_at):
    """In a child: do the work, counting watched lines; dies at line `kill_at`."""
    lines = 0

    def on_line(frame, event, argument):
        nonlocal lines
        if event == "line":
            lines += 1
            if lines == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return on_line

    def on_call(frame, event, argument):
        name = frame.f_code.co_filename
        return on_line if name.startswith(PACKAGE) and name[len(PACKAGE) + 1 :].startswith(WATCHED) else None

    sys.settrace(on_call)
    work(folder)
    sys.settrace(None)
    return lines


def main():
    kind, *given = sys.argv[1:]
    kinds = {"download": download, "model": model, "convert": convert, "save": save, "style": style, "train": train}
    work = kinds[kind](given)
    for request in sys.stdin:
        kill_at, folder = request.split()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            lines = run(work, Path(folder), int(kill_at))
            os.write(write, str(lines).encode())
            os._exit(0)
        os.close(write)
        _, status = os.waitpid(child, 0)
        with os.fdopen(read) as answer:
            lines = answer.read()
        print("killed" if os.WIFSIGNALED(status) else f"done {lines}" if lines else "failed", flush=True)


if __name__ == "__main__":
    main()
