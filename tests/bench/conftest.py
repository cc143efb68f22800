"""The benchmark is no part of the package: it is found in the project's root."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    # At the end, so that nothing is hidden by it.
    sys.path.append(ROOT)
