"""`python -m lib_adcopy <command>`."""

from __future__ import annotations

import sys

from lib_adcopy.cli import main

if __name__ == "__main__":
    sys.exit(main())
