"""One Chromium for the whole run, started when the first test asks for it."""

from __future__ import annotations

import pytest

from tests.browser import chromium


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started
