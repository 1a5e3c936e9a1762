"""Readers for files from elsewhere, checked before they are trusted: JSON, safetensors headers, torch archives.

Standard library only. Whatever is wrong with a file's content is a `BadFileError`; what the system says of the file
(missing, unreadable) stays an OSError.
"""

from __future__ import annotations

from lib_adcopy.chatglm.formats.errors import BadFileError, UnsafeFileError
from lib_adcopy.chatglm.formats.json_file import parse_json, read_json, read_json_object
from lib_adcopy.chatglm.formats.safetensors_header import read_header
from lib_adcopy.chatglm.formats.torch_archive import check_archive, is_archive

__all__ = [
    "BadFileError", "UnsafeFileError", "check_archive", "is_archive", "parse_json", "read_header", "read_json",
    "read_json_object",
]  # fmt: skip
