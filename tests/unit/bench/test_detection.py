import pytest

from bench.detection import Figures, matched
from bowerbird.types import Detection

HERE, NEAR, FAR = (0, 0, 100, 100), (0, 0, 100, 60), (200, 200, 300, 300)


def test_what_is_there_is_found_once() -> None:
    wanted = [Detection("cat", 0.9, HERE)]
    found = [Detection("cat", 0.8, NEAR), Detection("cat", 0.7, HERE), Detection("dog", 0.6, HERE)]
    assert matched(found, wanted) == [True, False, False]
    assert matched([Detection("cat", 0.8, FAR)], wanted) == [False]
    assert matched([], wanted) == []


def test_a_perfect_detector() -> None:
    figures = Figures()
    for _ in range(5):
        figures.add([Detection("cat", 0.8, HERE)], [Detection("cat", 0.9, HERE)])
    assert figures.threshold() == 0.8
    found = figures.summary(0.8)
    assert (found["precision"], found["recall"], found["map50"]) == (1.0, 1.0, 1.0)
    assert figures.summary(0.81)["recall"] == 0


def test_right_and_wrong_are_counted_at_the_threshold() -> None:
    figures = Figures()
    wanted = [Detection("cat", 0.9, HERE), Detection("cat", 0.4, FAR), Detection("dog", 0.6, HERE)]
    found = [Detection("cat", 0.8, HERE), Detection("cat", 0.6, FAR), Detection("dog", 0.1, NEAR)]
    figures.add(found, wanted)
    assert figures.summary(0.5) == {
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "loose_precision": 1.0,
        "others_precision": 0.5,
        "others_recall": 0.5,
        "map50": 0.0,
        "categories": 0,
        "things": 2,
    }
    assert figures.threshold() == 0.1


def test_the_area_under_the_curve() -> None:
    figures = Figures()
    figures.there["cat"] = 2
    figures.ours["cat"] = [(0.9, False, False), (0.8, True, True), (0.7, True, True)]
    assert figures.area("cat") == pytest.approx(2 / 3)
    assert figures.area("dog") == 0
