"""Writes what the kit says of the store in ``how-to/write-a-store.md`` into that page."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parent / "how-to" / "write-a-store.md"
BEGIN, END = "<!-- report -->\n", "<!-- end of report -->\n"
SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)


def snippets() -> list[str]:
    """The Python blocks of the page, in their order."""
    return SNIPPET.findall(PAGE.read_text("utf-8"))


def report(folder: Path) -> tuple[str, str]:
    """Run the page's own test in *folder* as a reader would.

    Returns:
        The table that the kit writes of it, and what pytest said.

    Raises:
        RuntimeError: The test does not pass.
    """
    (folder / "test_own_store.py").write_text("\n".join(snippets()), "utf-8")
    done = subprocess.run(  # noqa: S603 - our own page
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "edujournal.testing.plugin"),
            *("-p", "no:cacheprovider", "--edujournal-report=report.md", "test_own_store.py"),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-1000:])
    return (folder / "report.md").read_text("utf-8"), done.stdout


def shown(table: str) -> str:
    """The table as a part of the page, without headings of its own."""
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def page(table: str) -> str:
    """Give the page with the table in its place."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    return f"{before}{BEGIN}\n{shown(table)}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(report(Path(folder))[0]), "utf-8")
    print(f"written: {PAGE.name}")
