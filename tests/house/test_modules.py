"""The house rules that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app" / "bowerbird"
MODULES = sorted(APP.rglob("*.py"))
MOST_LINES = 400
# The methods of the store stand together: one place to look. Migrations stay for ever.
LONGER = {
    "store/store.py": 580,
    "store/migrations.py": 600,
}


def name(path: Path) -> str:
    return path.relative_to(APP).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_every_module_opens_with_a_sentence(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    first = docstring.partition("\n\n")[0]
    assert first.endswith((".", ":")), f"{name(module)} should open with a sentence"


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_modules_are_short(module: Path) -> None:
    most = LONGER.get(name(module), MOST_LINES)
    assert len(module.read_text("utf-8").splitlines()) <= most


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_translations_can_be_extracted(module: Path) -> None:
    # self.tr uses the class as context, which lupdate and our empty context do not share.
    assert not re.search(r"\bself\.tr\(", module.read_text("utf-8"))
    for call in _calls_of_tr(module):
        assert isinstance(call.args[0], ast.Constant), (
            f"{name(module)}:{call.lineno}: not a literal"
        )


def _calls_of_tr(module: Path) -> list[ast.Call]:
    calls = (node for node in ast.walk(ast.parse(module.read_text("utf-8"))))
    return [
        node
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "tr"
        and node.args
        and name(module) != "gui/i18n.py"
    ]
