"""On a webui that others can reach the tab offers nothing to fetch or convert, and says why."""

from __future__ import annotations

import sys

import pytest

from tests.hosts.test_contract import host, webui  # noqa: F401 - fixtures

pytest.importorskip("gradio")
GETTING = {"adcopy_models_fetch", "adcopy_models_download", "adcopy_models_convert", "adcopy_models_address"}


@pytest.mark.parametrize("flag", [None, "listen", "share", "disable_extension_access"])
def test_getting_models_is_offered_to_the_owner_alone(webui, host, flag):  # noqa: F811
    if flag:
        setattr(sys.modules["modules.shared"].cmd_opts, flag, True)
    [(blocks, _, _)] = webui.callbacks["on_ui_tabs"][0]()
    ids = {block.elem_id for block in blocks.blocks.values()}
    assert GETTING & ids == (set() if flag else GETTING)
    assert ("adcopy_models_shared" in ids) == bool(flag)
    assert {"adcopy_models_list", "adcopy_models_load", "adcopy_unload"} <= ids
