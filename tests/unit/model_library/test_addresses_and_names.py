"""Addresses and names from strangers: what is on the public internet, what is a plain name, what is no secret."""

from __future__ import annotations

import pytest

from lib_adcopy.model_library.addresses import is_public_address, without_secrets
from lib_adcopy.model_library.names import is_plain_name, plain_name_from


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:c0a8:1::", "localhost", ""],
)  # fmt: skip
def test_private_addresses_in_every_spelling_are_known(address):
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "198.18.0.7"]
)
def test_public_ones_are_too_and_those_that_proxies_give_for_them(address):
    assert is_public_address(address)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".hidden", "../x", "..\\..\\config.json", "C:\\x", "C:x", "a/b", "/etc/passwd", "\\\\host\\x",
     "a\0b", "a\nb", "a\u202eb", "con", "CON.json", "nul.safetensors", "Com1.bin", "lpt¹.txt", "x.", "x ", " x",
     "a*b", "a?b", "x:stream", "a|b", 'a"b', "x" * 201, "款" * 100, "a\ud800b"],
)  # fmt: skip
def test_a_name_that_is_not_the_same_plain_file_everywhere_is_refused(name):
    assert not is_plain_name(name)


@pytest.mark.parametrize(
    "name",
    ["config.json", "pytorch_model-00001-of-00008.bin", "细节 v1.safetensors", "a.b.c", "console.json", "LICENSE"],
)
def test_an_ordinary_name_is_taken(name):
    assert is_plain_name(name)


def test_a_servers_name_becomes_a_plain_one_or_none():
    assert plain_name_from("..\\..\\con?fig.safetensors") == "con_fig.safetensors"
    assert plain_name_from("C:\\x\\y.pt") == "y.pt"
    assert plain_name_from("nul.safetensors") == ""
    assert plain_name_from("a/..") == ""
    assert plain_name_from("x" * 300 + ".pt") == ""


def test_a_url_keeps_its_host_and_path_and_nothing_else():
    text = "403 for https://me:secret@a.example:8443/x/y.bin?token=secret#secret, then http://b.example/?q=secret."
    assert without_secrets(text) == "403 for https://a.example:8443/x/y.bin then http://b.example/"
    assert "secret" not in without_secrets("http://[bad?token=secret")
    assert without_secrets("no address") == "no address"
