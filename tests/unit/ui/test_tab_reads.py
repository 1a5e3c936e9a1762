"""Building the tab asks each of its boxes for models, and the disk once for all of them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("gradio")

from lib_adcopy.app.studio import Studio
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.model_library import models
from lib_adcopy.ui.tab import build_tab

SHIPPED = Path(__file__).resolve().parents[3] / "models"


def test_a_model_folder_is_looked_into_once_while_the_tab_is_built(tmp_path, monkeypatch):
    names = ("starter", "starter-adgen", "starter-beauty")
    for name in names:
        shutil.copytree(SHIPPED / name, tmp_path / "models" / name)
    looks, check_folder = Counter(), models.check_folder
    monkeypatch.setattr(
        models, "check_folder", lambda folder, **how: (looks.update([folder.name]), check_folder(folder, **how))[1]
    )
    build_tab(Studio(StandaloneHost(tmp_path)))
    # It was 25 times each.
    assert looks == dict.fromkeys(names, 1)
