"""What the segmenter learns from: views that the teacher itself has seen, drawn anew every time."""

import importlib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

TRAINING = Path(__file__).parents[3] / "packaging" / "models"


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TRAINING))


class Brightness:
    """A teacher that takes the brighter places for the subject; counts what it is asked."""

    asked = 0

    def __init__(self, _: Path) -> None: ...

    def __call__(self, pixels: torch.Tensor) -> torch.Tensor:
        Brightness.asked += len(pixels)
        return (pixels.float().mean(1) > 127).float()


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    found = importlib.import_module("views")
    monkeypatch.setattr(found, "PART", 16)
    monkeypatch.setattr(found, "SaliencyTeacher", Brightness)
    monkeypatch.setattr(Brightness, "asked", 0)
    return found


def pictures() -> np.ndarray:
    """Two flat pictures and one that is bright at its left."""
    found = np.zeros((3, 320, 320, 3), np.uint8)
    found[1] = 255
    found[2, :, :160] = 255
    return found


def test_the_teacher_sees_the_view_itself(views: ModuleType, tmp_path: Path) -> None:
    chances = np.array([0.2, 0.2, 0.6])
    parts = views.ask_views(pictures(), chances, tmp_path, tmp_path, 20)
    assert [part.shape for part in parts] == [(16, 320, 320, 4)] * 2
    for view in np.concatenate(parts):
        assert np.array_equal(view[..., :3].mean(-1) > 127, view[..., 3] == 255)
    halves = [view[..., 3].mean() for view in np.concatenate(parts)]
    assert len({round(float(half)) for half in halves}) > 5, "views are cut in many ways"


def test_an_interruption_costs_one_part(views: ModuleType, tmp_path: Path) -> None:
    chances = np.ones(3) / 3
    first = [np.array(p) for p in views.ask_views(pictures(), chances, tmp_path, tmp_path, 32)]
    assert Brightness.asked == 32
    (tmp_path / "views-001.npy").unlink()
    again = views.ask_views(pictures(), chances, tmp_path, tmp_path, 32)
    assert Brightness.asked == 48
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_a_place_is_not_weighed_before_it_is_learnt() -> None:
    segment = importlib.import_module("segment")
    x = torch.rand(2, 8, 9, 9)
    with torch.no_grad():
        assert torch.equal(segment.Weigh(8).eval()(x), x)


@pytest.fixture
def lessons() -> Any:
    """Pictures, of which people marked one wholly; of views all is subject, too."""
    training = importlib.import_module("train_segmenter")
    white = np.full((4, 320, 320, 4), 255, np.uint8)
    marked = np.full((320, 320), 255, np.uint8)
    return SimpleNamespace(
        training=training,
        made=training.Lessons(
            pictures=pictures(),
            said=np.zeros((3, 320, 320), np.uint8),
            drawn={2: marked},
            chances=np.array([0.5, 0.5, 0.0]),
            things=white[:1],
            grounds=np.array([0]),
            views=[white],
        ),
    )


@pytest.mark.parametrize(
    ("shares", "subjects"),
    [
        ({"viewed": 1.0}, 64),
        ({"viewed": 0.0, "pasted": 0.0}, 0),
        ({"viewed": 0.4, "peopled": 0.6}, 64),
    ],
)
def test_lessons_come_from_where_the_recipe_says(
    lessons: Any, shares: dict[str, float], subjects: int
) -> None:
    recipe = lessons.training.Recipe((32, 48), 1, 64, 1e-3, **shares)
    seen, mask = lessons.training.draw(lessons.made, recipe, 5)
    assert len(seen) == len(mask) == 64
    assert seen.shape[2:] == mask.shape[2:]
    assert seen.shape[-1] in recipe.sizes
    assert int((mask.mean((1, 2, 3)) > 0.5).sum()) == subjects
    again = lessons.training.draw(lessons.made, recipe, 5)
    assert torch.equal(seen, again[0])
    sizes = {lessons.training.draw(lessons.made, recipe, n)[0].shape[-1] for n in range(9)}
    assert sizes == {32, 48}
