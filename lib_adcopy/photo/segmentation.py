"""A segmentation model of the user's (u2net, isnet, BiRefNet and the like) as an ONNX file: found, never fetched.

Looked for in `segmentation/` of the model folders and where rembg keeps its own; run by onnxruntime where it is
installed, else by OpenCV. rembg itself is not called, for it downloads what it lacks.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo.onnx_shape import input_size

_log = logging.getLogger("adcopy.photo")
FOLDER = "segmentation"
# Found first, used first: the better at products.
_KNOWN = ("birefnet", "rmbg", "isnet", "u2net", "silueta", "modnet")
# Models that do not cut products: clothes into parts, faces, prompts.
_OTHERS = ("cloth", "sam_", "sam-", "anime", "human", "portrait")
_USUAL_SIDE = 320
# Mean and deviation that a family's inputs are normalised by, where they are not ImageNet's.
_HALF = (np.full(3, 0.5, np.float32), np.ones(3, np.float32))
_IMAGENET = (np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32))
_LARGEST = 2 * 2**30


@dataclass(frozen=True)
class SegmentationModel:
    """An ONNX file; `side` is the square input's in px, `problem` why it cannot be used ("" for none)."""

    name: str
    file: Path
    side: int
    size_bytes: int
    problem: str = ""

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """Return the product's share of each pixel, float32 0..1 at the model's size. Raises AdCopyError where it
        fails."""
        try:
            run = _runner(self.file, self.file.stat().st_mtime_ns)
            share = run(_blob(rgb, self.side, self.name))
            return _normalised(share)
        except AdCopyError:
            raise
        except Exception as error:
            _log.exception("the segmentation model %s failed", self.name)
            raise AdCopyError("photo.model_failed", name=self.name, reason=str(error).splitlines()[0][:200]) from error


def segmentation_models(roots: Iterable[Path]) -> tuple[SegmentationModel, ...]:
    """List the models in the folders and in rembg's, those known to be better at products first."""
    found: dict[str, SegmentationModel] = {}
    for folder in (*(root / FOLDER for root in roots), *_rembg_folders()):
        for file in sorted(folder.glob("*.onnx")) if folder.is_dir() else ():
            if not any(word in file.stem.lower() for word in _OTHERS):
                found.setdefault(file.stem, _described(file))
    return tuple(sorted(found.values(), key=lambda model: _rank(model.name)))


def best_model(roots: Iterable[Path]) -> SegmentationModel | None:
    """Return the model that cuts products out, None where there is none that can be used."""
    return next((model for model in segmentation_models(roots) if not model.problem), None)


def _rembg_folders() -> tuple[Path, ...]:
    """Return where rembg keeps its models, where rembg is installed or a folder is named."""
    named = os.environ.get("U2NET_HOME")
    if not named and not find_spec("rembg"):
        return ()
    return (Path(named) if named else Path.home() / ".u2net",)


def _rank(name: str) -> tuple[int, str]:
    lowered = name.lower()
    return next((at for at, known in enumerate(_KNOWN) if known in lowered), len(_KNOWN)), lowered


def _described(file: Path) -> SegmentationModel:
    size, side, problem = 0, _USUAL_SIDE, ""
    try:
        size = file.stat().st_size
        side = input_size(file) or (1024 if _rank(file.stem)[0] < 3 else _USUAL_SIDE)
        problem = "too_large" if size > _LARGEST else ""
    except (OSError, ValueError) as error:
        _log.warning("%s is no ONNX file: %s", file.name, error)
        problem = "broken"
    if not problem and not (find_spec("onnxruntime") or find_spec("cv2")):
        problem = "no_runtime"
    return SegmentationModel(file.stem, file, side, size, problem)


def _blob(rgb: np.ndarray, side: int, name: str) -> np.ndarray:
    """(1, 3, side, side) float32, normalised as the model's family was trained."""
    from PIL import Image

    small = Image.fromarray(rgb).resize((side, side), Image.Resampling.LANCZOS)
    values = np.asarray(small).astype(np.float32) / 255
    mean, deviation = _HALF if any(word in name.lower() for word in ("isnet", "rmbg", "modnet")) else _IMAGENET
    return np.ascontiguousarray(((values - mean) / deviation).transpose(2, 0, 1)[None], np.float32)


def _normalised(output: np.ndarray) -> np.ndarray:
    share = np.squeeze(np.asarray(output, np.float32))
    if share.ndim == 3:
        share = share[0]
    if share.ndim != 2:
        raise ValueError(f"an output of shape {share.shape} is no mask")
    if share.min() < -0.01 or share.max() > 1.01:
        # Logits.
        share = 1 / (1 + np.exp(-np.clip(share, -60, 60)))
    low, high = float(share.min()), float(share.max())
    return (share - low) / (high - low) if high - low > 0.2 else share


@lru_cache(maxsize=1)
def _runner(file: Path, written: int) -> Any:
    """Return a function from blob to output; the last model stays loaded. `written` tells a changed file from the old
    one."""
    if find_spec("onnxruntime"):
        import onnxruntime

        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda blob: session.run(None, {name: blob})[0]
    import cv2

    net = cv2.dnn.readNetFromONNX(str(file))

    def run(blob: np.ndarray) -> np.ndarray:
        net.setInput(blob)
        return net.forward()

    return run
