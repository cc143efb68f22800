"""The store of the how-to is one: it passes the kit, as its page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-store.md"


def test_the_store_of_the_how_to_passes_the_kit(tmp_path):
    """What a reader copies from the page is proven by the test that the page shows."""
    snippets = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "test_own_store.py"
    path.write_text("\n".join(snippets), "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert 0 == run.returncode, run.stdout[-2000:]
    assert "passed" in run.stdout
