"""The README's commands and options exist."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from bowerbird.cli.main import COMMANDS, parse, parser

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def command_lines() -> list[str]:
    blocks = "\n".join(FENCED.findall(README)).replace("\\\n", " ")
    inline = re.findall(r"`(bowerbird(?: [^`]+)?)`", README)
    return sorted(
        {line for line in [*blocks.splitlines(), *inline] if line.startswith("bowerbird")}
    )


@pytest.mark.parametrize("line", command_lines())
def test_commands_of_the_readme_parse(line: str) -> None:
    words = shlex.split(line.replace("...", ""), comments=True)[1:]
    if "|" in words:
        words = words[: words.index("|")]
    if ">" in words:
        words = words[: words.index(">")]
    if words in (["--version"], ["--help"]):
        return  # they end the program by themselves
    assert isinstance(parse(words), argparse.Namespace)


def test_there_are_commands_in_the_readme() -> None:
    assert len(command_lines()) >= 10


def test_every_command_is_in_the_readme() -> None:
    for command in COMMANDS:
        assert f"bowerbird {command}" in README, command


def test_every_option_of_search_is_in_the_readme() -> None:
    [commands] = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    for action in commands.choices["search"]._actions:
        for flag in action.option_strings:
            if flag not in ("-h", "--help"):
                assert flag in README, flag


def test_files_that_the_readme_names_exist() -> None:
    for name in re.findall(r"`((?:packaging|tests|app|resources|\.ci)/[\w./-]+\w)`", README):
        assert (ROOT / name).exists(), name


def test_pictures_and_links_into_the_repository_exist() -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)]+)\)", README):
        assert (ROOT / target).exists(), target
