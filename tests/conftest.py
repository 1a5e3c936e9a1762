"""One Chromium for the whole run, started when the first test asks for it; its tests may fail once."""

from __future__ import annotations

import pytest

from tests.browser import chromium


def pytest_collection_modifyitems(items):
    # A page settles late on a loaded machine. What is broken fails twice; the summary names what was run again.
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started
