"""Describe which LoRAs and embeddings the host has, and which of them fit the checkpoint it has loaded."""

from __future__ import annotations

import logging
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from modules import sd_models, shared

from lib_adcopy.domain.prompt import Networks
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.model_family import family
from lib_adcopy.hosts.webui import sampling

_EMBEDDING_FILES = {".pt", ".bin", ".safetensors", ".png", ".webp"}
# What stands in Forge for the checkpoint that is not loaded yet.
NOT_LOADED = "FakeInitialModel"
_log = logging.getLogger("adcopy.webui")
_MARKS = {"is_sdxl": "SDXL", "is_sd2": "SD2", "is_sd1": "SD1"}


def installed(checkpoint: str = "", *, rescan: bool = False) -> Networks:
    """Return what fits the checkpoint of that title, "" for the loaded one. Never loads one."""
    loaded = checkpoint_base()
    base = _file_base(checkpoint) if checkpoint and checkpoint != sampling.checkpoint() else loaded
    known, skipped = _embeddings(rescan)
    if base != loaded:
        # What the loaded checkpoint leaves out for its width may be this one's, which will sort them anew.
        known, skipped = (*known, *skipped), ()
    return Networks(_loras(base, rescan), known, skipped, base, _aliases(base))


def checkpoint_base() -> str:
    """ "SD1", "SD2" or "SDXL" of the loaded checkpoint, or of the chosen one's file before; "unknown" for any other."""
    # shared.sd_model would load one and wait for it.
    model = getattr(getattr(sd_models, "model_data", None), "sd_model", None)
    if model is None or type(model).__name__ == NOT_LOADED:
        # A page is built before the first checkpoint is loaded, and shows sizes for it all the same.
        return _file_base(sampling.checkpoint())
    return next((name for mark, name in _MARKS.items() if getattr(model, mark, False)), "unknown")


def _file_base(wanted: str) -> str:
    """Return the base of the checkpoint whose title contains `wanted`, by the file's header."""
    known = list(sd_models.checkpoints_list.values())
    chosen = next((found for found in known if wanted and wanted in found.title), known[0] if known else None)
    file = Path(getattr(chosen, "filename", None) or "")
    if file.suffix != ".safetensors" or not file.is_file():
        return "unknown"
    return _family(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _family(file: Path, changed: int) -> str:
    try:
        return family(file)
    except AdCopyError as error:
        # Loading will say what is wrong with it.
        _log.warning("%s", error)
        return "unknown"


def _loras(base: str, rescan: bool) -> tuple[str, ...]:
    """Return names as tags have them; none where the Lora extension is switched off."""
    networks: Any = sys.modules.get("networks")
    available = getattr(networks, "available_networks", None)
    if available is None:
        return ()
    if rescan or not available:
        networks.list_available_networks()
    fits = {base, "Unknown", "unknown"} if base != "unknown" else None
    return tuple(name for name, found in available.items() if fits is None or _version(found) in fits)


def _aliases(base: str) -> tuple[str, ...]:
    """Return the names in the LoRAs' own metadata, which tags may use in place of the files'."""
    networks: Any = sys.modules.get("networks")
    aliases = getattr(networks, "available_network_aliases", None) or {}
    forbidden = getattr(networks, "forbidden_network_aliases", None) or {}
    fits = {base, "Unknown", "unknown"} if base != "unknown" else None
    return tuple(
        name
        for name, found in aliases.items()
        if name.lower() not in forbidden and (fits is None or _version(found) in fits)
    )


def _version(network: Any) -> str:
    return str(getattr(getattr(network, "sd_version", None), "name", "Unknown"))


def _embeddings(rescan: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names in use and those the webui left out for their width."""
    database = _embedding_database()
    if database is not None:
        if rescan:
            database.load_textual_inversion_embeddings(force_reload=True)
        known, skipped = tuple(database.word_embeddings), tuple(database.skipped_embeddings)
        if known or skipped:
            return known, skipped
    # The database is filled when a checkpoint is loaded; before that the files say what there will be.
    folder = Path(shared.cmd_opts.embeddings_dir)
    files = sorted(folder.rglob("*")) if folder.is_dir() else []
    return tuple(file.stem for file in files if file.suffix.lower() in _EMBEDDING_FILES), ()


def _embedding_database() -> Any:
    """Forge keeps it beside its extra-networks page, the others in the hijack of the text encoder."""
    from modules import ui_extra_networks_textual_inversion as page

    database = getattr(page, "embedding_db", None)
    if database is not None:
        return database
    from modules import sd_hijack

    return sd_hijack.model_hijack.embedding_db
