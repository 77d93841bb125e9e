from pathlib import Path

import numpy as np
import pytest

from bench.classes import class_vectors, precision, ranks, read
from helpers.encoders import FakeEncoder


def test_a_tsv_gives_classes_and_shared_synonyms(tmp_path: Path) -> None:
    tsv = tmp_path / "items.tsv"
    tsv.write_text("a.jpg\tcat | kitty\nb.jpg\tdog | hound | wet\nc.jpg\tdog | hound\nd.jpg\t\n")
    found = read(tsv)
    assert found.pictures == [tmp_path / n for n in ("a.jpg", "b.jpg", "c.jpg")]
    assert found.names == [("cat", "kitty"), ("dog", "hound")]
    assert found.classes.tolist() == [0, 1, 1]
    assert read(tsv, frozenset({"dog"})).names == [("dog", "hound")]


def test_a_folder_is_labelled_by_its_names(tmp_path: Path) -> None:
    for name in ("n01_tench.jpg", "n02_sports_car.jpg", "readme.txt"):
        (tmp_path / name).touch()
    assert read(tmp_path).names == [("tench",), ("sports car",)]


def test_class_vectors_are_unit_and_one_a_class() -> None:
    found = class_vectors(FakeEncoder(), [("red",), ("green", "blue")])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


def test_ranks_count_the_classes_before_ones_own() -> None:
    named = np.eye(3, dtype=np.float32)
    pictures = np.array([[1, 0.5, 0], [1, 0.5, 0.2]], np.float32)
    assert ranks(pictures, named, np.array([0, 2])).tolist() == [0, 2]


def test_precision_is_out_of_what_there_can_be() -> None:
    vectors = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [0.7, 0.7]], np.float32)
    assert precision(vectors, np.array([0, 0, 1, 1, 2])) == 1.0
    rows = np.repeat(np.eye(2, dtype=np.float32), 20, axis=0)
    assert precision(rows, np.arange(40) // 20) == 1.0
    assert precision(rows, np.arange(40) % 2) == pytest.approx(0.5, abs=0.06)
    assert precision(vectors, np.arange(5)) is None
