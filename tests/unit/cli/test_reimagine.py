from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


def test_prints_each_file(run: Run, photo: Path, tmp_path: Path, capsys: Capture) -> None:
    assert run("reimagine", photo, "--count", "2", "--to", tmp_path / "out") == 0
    first, second = map(Path, capsys.readouterr().out.splitlines())
    assert first.parent == tmp_path / "out"
    assert first.is_file()
    assert second.is_file()


def test_a_model_that_is_not_here_says_how_to_get_it(
    run: Run, photo: Path, capsys: Capture
) -> None:
    assert run("reimagine", photo, "--model", "unclip-small") == 1
    said = capsys.readouterr()
    assert "bowerbird models get unclip-small" in said.err
    assert said.out == ""
    assert list(photo.parent.glob("*variation*")) == []


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("nosuch", "`bowerbird models list` shows all"),
        ("unclip-smal", "Did you mean unclip-small?"),
        ("u2net", "u2net does not make pictures. Use unclip-small."),
        ("builtin", "builtin does not make pictures. Use unclip-small."),
    ],
)
def test_what_is_no_such_model(
    run: Run, photo: Path, capsys: Capture, model: str, says: str
) -> None:
    assert run("reimagine", photo, "--model", model) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("how", [("--count", "9"), ("--strength", "2"), ("--seed", "-1")])
def test_what_makes_no_sense(run: Run, photo: Path, capsys: Capture, how: tuple[str, str]) -> None:
    assert run("reimagine", photo, *how, "--model", "patches") == 2
    assert capsys.readouterr().err
