"""The language of the command line: what is asked for, else that of the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction

import pytest

from edujournal.cli.options import Shown, language_of
from edujournal.cli.printing import Printer


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "run_XX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ru_RU@x", "LC_ALL": ""}, "ru"),
    ],
)
def test_the_locale_gives_the_language(environment, language):
    """The first variable that is set counts; what we have no words for is English."""
    assert language == language_of(environment)


@pytest.mark.parametrize(
    ("options", "cyrillic"),
    [([], True), (["--json"], True), (["--lang", "en"], False), (["--lang", "ru"], True)],
)
@pytest.mark.parametrize("locale", ["ru_RU.UTF-8", "C.UTF-8"])
def test_a_command_speaks_the_language_of_its_environment(locale, options, cyrillic):
    """With options and without; `--lang` is stronger."""
    done = subprocess.run(
        [
            sys.executable, "-c", "import sys; from edujournal.cli import main; sys.exit(main())",
            "explain", "no-plan-link", *options,
        ],
        env=os.environ | {"LC_ALL": locale, "PYTHONIOENCODING": "utf-8"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    asked = "--lang" in options or locale.startswith("ru")
    assert (cyrillic and asked) is any("а" <= one <= "я" for one in done.stdout)


@pytest.mark.parametrize(("language", "sign", "other"), [("ru", ",", "."), ("en", ".", ",")])
def test_decimals_are_written_as_the_language_does(language, sign, other):
    """And what is not known is a dash in both."""
    printer = Printer(Shown(lang=language))
    assert f"66{sign}7" == printer.number(Fraction(200, 3), 1)
    assert other not in printer.number(Fraction(1, 3), 2)
    assert "–" == printer.number(None, 1)
