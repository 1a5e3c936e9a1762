"""What tests of several packages need."""

from __future__ import annotations

import pytest

from lib_adcopy.creative.fonts import faces
from lib_adcopy.errors import AdCopyError


@pytest.fixture(scope="session")
def chinese_font():
    """Skips where no font has Chinese."""
    try:
        faces()
    except AdCopyError:
        pytest.skip("no font with Chinese on this machine")
