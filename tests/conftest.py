"""One Chromium for the whole run, started when the first test asks for it; its tests may fail once."""

from __future__ import annotations

import pytest

from tests.browser import chromium


def pytest_collection_modifyitems(items):
    for item in items:
        # A page settles late on a loaded machine. What is broken fails twice; the summary names what was run again.
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.flaky(reruns=1))
    # The files that take longest begin, so that no worker waits for another's last file.
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started
