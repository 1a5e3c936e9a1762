from __future__ import annotations

import pytest

from tests.scripted_server import Scripted


@pytest.fixture
def scripted():
    server = Scripted()
    yield server
    server.close()
