"""torch.load, for files that may be anybody's: checked first, weights only, and by torch's own function.

Hosts replace torch.load: AUTOMATIC1111's gives None for int8 tensors, Forge's renames a file that fails to load. The
function in torch.serialization is the library's own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from torch.serialization import load as torch_load

from lib_adcopy.chatglm.formats import UnsafeFileError, check_archive, is_archive

# Before, weights_only did not hold for the pickles of torch before 1.6 (CVE-2025-32434).
_SAFE_PICKLES = (2, 6)


def load_torch_file(file: Path, *, device: str | torch.device = "cpu", mapped: bool = False) -> Any:
    """Load a file of torch.save. `mapped` leaves its tensors in the file, which then has to be an archive.

    Raises UnsafeFileError for a file that this torch cannot open without running it, BadFileError for a damaged
    archive, and whatever torch raises for damaged content.
    """
    if is_archive(file):
        check_archive(file)
    elif mapped or _version() < _SAFE_PICKLES:
        raise UnsafeFileError("the bare pickle of torch before 1.6")
    # torch before 2.2 maps no file it is not given by name.
    return torch_load(str(file), map_location=device, weights_only=True, **({"mmap": True} if mapped else {}))


def _version() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", torch.__version__)[:2]))
