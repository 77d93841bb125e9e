from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def test_a_file_that_is_not_indexed(
    run: Run, indexed: Path, tmp_path: Path, capsys: Capture
) -> None:
    mine = tmp_path / "mine.png"
    Image.new("RGB", (30, 30), (210, 40, 35)).save(mine)
    assert run("similar", mine, "--paths", "--limit", "1") == 0
    assert capsys.readouterr().out == f"{indexed}/red.png\n"


def test_narrowed(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("similar", indexed / "red.png", "--where", "name = 'blue.png'", "--paths") == 0
    assert capsys.readouterr().out == f"{indexed}/sea/blue.png\n"


@pytest.mark.parametrize(("name", "code"), [("nowhere.png", 2), ("broken.jpg", 1), ("sea", 1)])
def test_no_picture(run: Run, indexed: Path, capsys: Capture, name: str, code: int) -> None:
    assert run("similar", indexed / name) == code
    assert name in capsys.readouterr().err
