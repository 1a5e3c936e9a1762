"""Which requests count as our own page's: directly, through reverse proxies, and from elsewhere."""

from __future__ import annotations

import pytest

from lib_adcopy.ui.origin import is_from_outside, is_known_host, is_own_page

NAMED = "https://ads.example"


def trusts(origin):
    return origin == NAMED


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:7860"},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860", "sec-fetch-site": "same-origin"},
        {"host": "[::1]:7860", "origin": "http://[::1]:7860"},
        {"host": "LOCALHOST:7860", "origin": "http://localhost:7860"},
        {"host": "localhost:7860", "sec-fetch-site": "none"},
        # A proxy that passes Host on, with and without its port.
        {"host": "sd.lan:8443", "origin": "https://sd.lan:8443"},
        {"host": "sd.lan", "origin": "https://sd.lan"},
        {"host": "sd.lan:443", "origin": "https://sd.lan"},
        {"host": "sd.lan", "origin": "http://sd.lan:8080"},
        # One that has its own name in Host and the user's in X-Forwarded-Host, perhaps after others.
        {"host": "127.0.0.1:7860", "origin": "https://sd.lan", "x-forwarded-host": "sd.lan"},
        {"host": "127.0.0.1:7860", "origin": "https://sd.lan", "x-forwarded-host": "inner:1, sd.lan"},
        # One that passes on neither: the browser's own word counts.
        {"host": "127.0.0.1:7860", "origin": "https://sd.lan", "sec-fetch-site": "same-origin"},
        {"host": "127.0.0.1:7860", "origin": NAMED},
        {"host": "127.0.0.1:7860", "origin": NAMED, "sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
def test_our_own_page_and_programs_pass(headers):
    assert is_own_page(headers, trusts)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:7860", "origin": "http://evil.example"},
        {"host": "127.0.0.1:7860", "origin": "null"},
        {"host": "127.0.0.1:7860", "origin": "null", "sec-fetch-site": "same-origin"},
        {"host": "127.0.0.1:7860", "origin": ""},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:8000"},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1"},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860.evil.example"},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:99999"},
        {"host": "127.0.0.1:7860", "origin": "file://127.0.0.1:7860"},
        {"host": "127.0.0.1:7860", "sec-fetch-site": "cross-site"},
        {"host": "127.0.0.1:7860", "sec-fetch-site": "same-site"},
        {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860", "sec-fetch-site": "cross-site"},
        {"host": "127.0.0.1:7860", "origin": "https://ads.example.evil"},
        {"origin": "http://127.0.0.1:7860"},
        {"host": "", "origin": "http://"},
    ],
    ids=str,
)
def test_other_pages_do_not(headers):
    assert not is_own_page(headers, trusts)


@pytest.mark.parametrize(
    ("host", "origin", "known"),
    [
        ("127.0.0.1:7860", "", True),
        ("localhost:7860", "", True),
        ("[::1]:7860", "", True),
        ("192.168.1.5:7860", "", True),
        ("workstation:7860", "", True),
        ("sd.local", "", True),
        # No foreign page has a certificate for a name of somebody else's.
        ("sd.seller.example", "https://sd.seller.example", True),
        ("ads.example", "", True),
        ("evil.example:7860", "http://evil.example:7860", False),
        ("evil.example:7860", "", False),
        ("evil.example:7860", "https://other.example", False),
        ("127.0.0.1.evil.example", "", False),
        ("", "", False),
    ],
)
def test_a_public_name_that_may_have_been_made_to_point_here_is_not_known(host, origin, known):
    assert is_known_host({"host": host, **({"origin": origin} if origin else {})}, trusts) is known


@pytest.mark.parametrize(
    ("headers", "outside"),
    [
        ({"host": "127.0.0.1:7860"}, False),
        ({"host": "localhost:9999"}, False),
        ({}, False),
        ({"host": "192.168.1.5:7860"}, True),
        ({"host": "abc.gradio.live"}, True),
        ({"host": "127.0.0.1:7860", "x-forwarded-for": "10.0.0.7"}, True),
        ({"host": "127.0.0.1:7860", "x-forwarded-host": "sd.lan"}, True),
    ],
)
def test_a_tunnel_or_a_proxy_is_seen_by_its_request(headers, outside):
    assert is_from_outside(headers) is outside
