"""Describe what a checkpoint's name tells about its text encoder."""

from __future__ import annotations

import re

# Models trained on Chinese prompts, by the names their authors publish them under.
_CHINESE = re.compile(r"taiyi|alt[-_ ]?diffusion|kolors|hunyuan[-_ ]?dit|pai-diffusion|wukong", re.IGNORECASE)


def reads_chinese(checkpoint: str) -> bool:
    """Tell whether the checkpoint of this name is known to read Chinese prompts; CLIP, in all others, reads noise."""
    return _CHINESE.search(checkpoint) is not None
