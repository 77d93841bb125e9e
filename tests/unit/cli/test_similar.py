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


@pytest.mark.parametrize(("name", "code"), [("nowhere.png", 1), ("broken.jpg", 1), ("sea", 1)])
def test_no_picture(run: Run, indexed: Path, capsys: Capture, name: str, code: int) -> None:
    assert run("similar", indexed / name) == code
    assert name in capsys.readouterr().err


def test_by_a_part_of_it(run: Run, indexed: Path, tmp_path: Path, capsys: Capture) -> None:
    mine = tmp_path / "mine.png"
    image = Image.new("RGB", (90, 30), (220, 30, 30))
    image.paste((30, 60, 220), (60, 0, 90, 30))
    image.save(mine)
    assert run("similar", mine, "--box", "60,0,90,30", "--paths", "--limit", "1") == 0
    assert capsys.readouterr().out == f"{indexed}/sea/blue.png\n"
    assert run("similar", mine, "--box", "0, 0, 40, 30", "--paths", "--limit", "1") == 0
    assert capsys.readouterr().out == f"{indexed}/red.png\n"
    assert run("similar", mine, "--box", "90,0,95,30") == 2
    assert "90 x 30 pixels" in capsys.readouterr().err
    for wrong in ("1,2,3", "a,b,c,d", "1,2,3,4.5", ""):
        assert run("similar", mine, "--box", wrong) == 2
    assert run("similar", mine, "--turned") == 2


def test_the_first_search_by_shape_says_what_it_does(
    run: Run, indexed: Path, tmp_path: Path, capsys: Capture
) -> None:
    mine = tmp_path / "mine.png"
    image = Image.new("RGB", (320, 240), "white")
    image.paste((200, 30, 30), (90, 60, 230, 180))
    image.save(mine)
    run("similar", mine, "--shape")
    assert "The shapes of 3 pictures are looked at first" in capsys.readouterr().err
    run("similar", mine, "--shape")
    assert capsys.readouterr().err == ""
