from pathlib import Path

import pytest

from bowerbird.engines.memory import available, require
from bowerbird.errors import ModelError


@pytest.fixture
def known(tmp_path: Path) -> Path:
    path = tmp_path / "meminfo"
    path.write_text("MemTotal:   8000 kB\nMemFree:   10 kB\nMemAvailable:    3000 kB\n")
    return path


def test_what_the_system_can_give(known: Path, tmp_path: Path) -> None:
    assert available(known, tmp_path) == 3000 * 1024


@pytest.mark.parametrize(("limit", "left"), [("2500000", 1_700_000), ("max", 3000 * 1024)])
def test_a_container_gives_less(known: Path, tmp_path: Path, limit: str, left: int) -> None:
    (tmp_path / "memory.max").write_text(limit)
    (tmp_path / "memory.current").write_text("1000000\n")
    (tmp_path / "memory.stat").write_text("anon 800000\ninactive_file 200000\n")
    assert available(known, tmp_path) == left


@pytest.mark.parametrize("text", [None, "", "MemAvailable: many\n", "MemAvailable:\n"])
def test_where_the_system_does_not_say_it_all_there_is_counts(
    tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "meminfo").write_text(text)
    assert (available(tmp_path / "meminfo", tmp_path) or 0) > 100_000_000


def test_too_little_is_refused_in_a_sentence() -> None:
    require("big", 100, "use another.", 100)
    require("big", 100, "use another.", None)
    with pytest.raises(ModelError, match=r"big needs 2\.0 GB .* 1\.0 GB are free.*use another\.$"):
        require("big", 2_000_000_000, "use another.", 1_000_000_000)
