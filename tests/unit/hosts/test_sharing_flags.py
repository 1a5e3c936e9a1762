"""Whether others can reach a webui's page, by the command lines of A1111, its 1.6 fork, reForge and Forge."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

import lib_adcopy.hosts

# The package itself imports the webui.
_FILE = Path(lib_adcopy.hosts.__file__).parent / "webui" / "sharing.py"
_SPEC = importlib.util.spec_from_file_location("sharing", _FILE)
sharing = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(sharing)
_NONE = {"share": False, "listen": False, "ngrok": None, "server_name": None, "gradio_auth": None, "subpath": None}


def shared(environment=None, **flags):
    given = {**_NONE, **flags}
    return sharing.is_shared(SimpleNamespace(**given), environment or {})


@pytest.mark.parametrize(
    "flags",
    [{}, {"server_name": "127.0.0.1"}, {"server_name": "localhost"}, {"server_name": "::1"},
     # A1111 takes any server name for a public one.
     {"server_name": "127.0.0.1", "webui_is_non_local": True, "disable_extension_access": True}],
    ids=str,
)  # fmt: skip
def test_a_page_on_loopback_alone_is_its_owners(flags):
    assert not shared(**flags)


@pytest.mark.parametrize(
    "flags",
    [{"share": True}, {"listen": True}, {"ngrok": "token"}, {"server_name": "0.0.0.0"}, {"server_name": "192.168.1.5"},
     {"server_name": "::"}, {"cloudflared": True}, {"localhostrun": True}, {"remotemoe": True}, {"gradio_auth": "a:b"},
     {"gradio_auth_path": "users.txt"}, {"subpath": "sd"}, {"hide_ui_dir_config": True},
     {"webui_is_non_local": True}, {"disable_extension_access": True},
     # --enable-insecure-extension-access takes the webui's own mark away, and nothing else.
     {"listen": True, "disable_extension_access": False}, {"ngrok": "token", "disable_extension_access": False},
     {"server_name": "0.0.0.0", "disable_extension_access": False}],
    ids=str,
)  # fmt: skip
def test_a_page_that_others_reach_is_shared(flags):
    assert shared(**flags)


def test_gradios_own_variable_counts_where_no_flag_says_otherwise():
    public = {"GRADIO_SERVER_NAME": "0.0.0.0"}
    assert shared(public)
    assert not shared(public, server_name="127.0.0.1")
    assert not shared({"GRADIO_SERVER_NAME": "127.0.0.1"})


def test_an_origin_is_trusted_where_the_owner_named_it():
    flags = SimpleNamespace(adcopy_allow_origin=["https://ads.example/"], cors_allow_origins="http://a.example,http://b",
                            cors_allow_origins_regex=r"https://.*\.shop\.example")  # fmt: skip
    for origin in ("https://ads.example", "http://a.example", "http://b", "https://x.shop.example"):
        assert sharing.trusts_origin(flags, origin)
    for origin in ("http://ads.example", "https://evil.example", "https://x.shop.example.evil", "null", ""):
        assert not sharing.trusts_origin(flags, origin)
    assert not sharing.trusts_origin(SimpleNamespace(), "https://ads.example")
