"""What a user types is one address, and secrets in it are refused."""

from __future__ import annotations

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.addresses import is_private_address, is_public_address
from lib_adcopy.model_server import parse_address


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("localhost:11434", "http://localhost:11434/v1"),
        (" http://127.0.0.1:1234/v1/ ", "http://127.0.0.1:1234/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:11434/api/generate", "http://127.0.0.1:11434/v1"),
        ("http://127.0.0.1:1234/v1/chat/completions", "http://127.0.0.1:1234/v1"),
        ("https://models.example/api/paas/v4", "https://models.example/api/paas/v4"),
        ("https://models.example:443/v1/models", "https://models.example/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http：//127.0.0.1：11434／v1", "http://127.0.0.1:11434/v1"),
    ],
)
def test_an_address_is_read_as_it_is_typed(typed, read):
    assert str(parse_address(typed)) == read


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://me:secret@127.0.0.1",
     "me:secret@127.0.0.1", "http://127.0.0.1/v1?key=secret", "http://127.0.0.1/v1#secret", "http://127.0.0.1/a b",
     "http://[::1", "http://127.0.0.1/\nv1", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_or_holds_a_secret_is_refused_without_repeating_it(typed):
    with pytest.raises(AdCopyError) as refused:
        parse_address(typed)
    assert refused.value.code == "model_server.bad_address"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.20", "100.101.102.103", "::1", "fd00::5", "fe80::1%eth0",
     "::ffff:192.168.1.2", "0.0.0.0"],
)  # fmt: skip
def test_this_machine_and_private_networks_are_private(address):
    assert is_private_address(address) and not is_public_address(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "198.18.0.7", "169.254.169.254",
     "224.0.0.1", "255.255.255.255", "172.32.0.1", "localhost", ""],
)  # fmt: skip
def test_others_and_a_clouds_metadata_are_not(address):
    assert not is_private_address(address)
