"""The window's promises: no stalls, a million pictures, quick answers, a quick start.

    python tests/bench/window.py [--only start million typing change stalls] [--work FOLDER]

Every part runs the real window in a fresh process on a real library, without a display (Qt's
offscreen platform draws into memory as the others do). The baseline is a bare Qt window in the same
run: how long it takes to start, and how long its event loop stalls while as much work goes on
beside it. The million rows are written straight into the tables, with thumbnails for the first
ten thousand of them drawn from 500 pictures; what is kept in `--work` is used again.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

MILLION, HUNDRED_THOUSAND, INDEXED = 1_000_000, 100_000, 10_000
# How often the watchdog looks; a stall is how much later than that it comes to look.
EVERY_MS = 5
QUERIES = ("a dog on the beach", "red car", "children playing", "sunset", "a man with a hat")

BARE_WINDOW = """
import sys, time
begun = time.perf_counter()
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication(sys.argv)
label = QLabel("hello")
label.resize(1280, 800)
label.show()
application.processEvents()
label.grab()
print(time.perf_counter() - begun)
"""


# --- measuring, in a process of its own ---------------------------------------------------------


class Driver:
    """The real window on a library, and the loop that moves it.

    Args:
        folder: The library.
        sync: Whether collections are synced at the start.
    """

    def __init__(self, folder: Path, *, sync: bool = False) -> None:
        from PySide6.QtCore import QCoreApplication

        from bowerbird.gui.app import make_application
        from bowerbird.gui.theme import Theme
        from bowerbird.gui.window import Window
        from bowerbird.library import Library

        self.turn = QCoreApplication.processEvents
        self.application = make_application()
        self.window = Window(Theme(self.application), lambda: Library.open(folder), sync=sync)
        self.window.resize(1280, 800)
        self.window.show()

    def until(self, done: Callable[[], bool], patience_s: float = 120) -> float:
        """Let the window work until something holds; return the seconds."""
        begun = time.perf_counter()
        while not done():
            self.turn()
            if time.perf_counter() - begun > patience_s:
                raise TimeoutError("the window never came to what it was waited for")
            time.sleep(0.0002)
        return time.perf_counter() - begun

    def painted(self) -> bool:
        """Whether the first picture is known and drawn."""
        view = self.window._view
        asset = self.window._model.asset_at(0) if len(self.window._model) else None
        return asset is not None and view.isVisible() and self.is_drawn(0)

    def is_drawn(self, position: int) -> bool:
        """Whether the thumbnail of a picture is at hand."""
        asset = self.window._model.asset_at(position)
        key = None if asset is None else (asset.id, asset.md5)
        return key in self.window._thumbnails._pictures


def memory_mb() -> float:
    """Return the process's own memory, without files that are mapped, MB."""
    status = Path("/proc/self/status").read_text("utf-8")
    kb = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(kb.split()[1]) / 1024


def quantile(values: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return round(float(np.quantile(values, share)) * 1000, 1)


def start(folder: Path) -> dict[str, Any]:
    """Measure a cold start to a painted window, Python's own included."""
    driver = Driver(folder)
    driver.until(driver.painted)
    driver.window.grab()
    took = time.time() - float(os.environ["BEGUN"])
    torch = "torch" in sys.modules
    driver.window.close()
    return {"painted_s": took, "torch_imported": torch}


def million(folder: Path) -> dict[str, Any]:
    """Open, resize and scroll through very many pictures."""
    from PySide6.QtGui import QImage

    begun = time.perf_counter()
    driver = Driver(folder)
    driver.until(driver.painted)
    usable = time.perf_counter() - begun
    window, view = driver.window, driver.window._view
    library, results = window._library, window._model.results
    driver.until(lambda: window.is_settled)
    found: dict[str, Any] = {"count": len(results), "usable_s": round(usable, 2)}
    for form in ("squares", "rows"):
        window._filters.set_filled(form == "rows")
        driver.until(lambda form=form: view.is_filled == (form == "rows") and window.is_settled)
        opens, resizes, paints = [], [], []
        for _ in range(5):
            at = time.perf_counter()
            view.show_results(library, results, spread=view._spread)
            opens.append(time.perf_counter() - at)
            driver.turn()
        for width in (1100, 1400, 900, 1280, 1000):
            at = time.perf_counter()
            window.resize(width, 800)
            driver.turn()
            resizes.append(time.perf_counter() - at)
        window.resize(1280, 800)
        driver.until(lambda: window.is_settled)
        bar = view.verticalScrollBar()
        canvas = QImage(view.viewport().size(), QImage.Format.Format_ARGB32_Premultiplied)
        arrivals = []
        for step in range(200):
            bar.setValue(bar.maximum() * step // 199)
            at = time.perf_counter()
            view.viewport().render(canvas)
            paints.append(time.perf_counter() - at)
            driver.turn()
        for share in (0.001, 0.003, 0.006, 0.002, 0.005):
            bar.setValue(int(bar.maximum() * share))
            at = time.perf_counter()
            driver.turn()
            rows = view.tiling.rows(bar.value(), bar.value() + view.viewport().height())
            cells = range(int(view.tiling.starts[rows.start]), int(view.tiling.starts[rows.stop]))
            driver.until(lambda cells=cells: all(driver.is_drawn(cell) for cell in cells))
            arrivals.append(time.perf_counter() - at)
        found[form] = {
            "open_ms": quantile(opens, 0.5),
            "resize_ms": quantile(resizes, 0.5),
            "resize_max_ms": quantile(resizes, 1),
            "paint_p50_ms": quantile(paints, 0.5),
            "paint_max_ms": quantile(paints, 1),
            "thumbnails_ms": quantile(arrivals, 0.5),
        }
    found["memory_mb"] = round(memory_mb())
    window.close()
    return found


def typing(folder: Path) -> dict[str, Any]:
    """From the key to the first painted hits."""
    from PySide6.QtGui import QImage
    from PySide6.QtTest import QTest

    from bowerbird.gui import search_bar

    driver = Driver(folder)
    driver.until(driver.painted)
    window, view = driver.window, driver.window._view
    driver.until(lambda: window.is_settled)
    canvas = QImage(view.viewport().size(), QImage.Format.Format_ARGB32_Premultiplied)
    took, answered = [], [0]
    assert window._browsing is not None
    window._browsing.shown.connect(lambda: answered.__setitem__(0, answered[0] + 1))
    for query in QUERIES * 2:
        window._bar.clear()
        driver.until(lambda: window.is_settled)
        for letter in query:
            before = answered[0]
            at = time.perf_counter()
            QTest.keyClick(window._bar.focusProxy(), letter)
            driver.until(lambda before=before: answered[0] > before)
            # Words come with the rows, pictures after them: painted means that rows are there.
            driver.until(lambda: len(view.grid) == 0 or view.grid.asset_at(0) is not None)
            view.viewport().render(canvas)
            took.append(time.perf_counter() - at)
    debounce = search_bar.DEBOUNCE_MS
    window.close()
    return {
        "keys": len(took),
        "p50_ms": quantile(took, 0.5),
        "p95_ms": quantile(took, 0.95),
        "of_which_debounce_ms": debounce,
    }


def change(folder: Path) -> dict[str, Any]:
    """From a new file in a watched folder to its finding."""
    from PIL import Image

    from bowerbird.types import Comparison, Query

    driver = Driver(folder, sync=True)
    window = driver.window
    driver.until(driver.painted)
    driver.until(lambda: window._keeping is not None and bool(window._keeping._watches))
    driver.until(lambda: window.is_settled)
    library = window._library
    assert library is not None
    root = Path(library.collections()[0].location)
    watch = next(iter(window._keeping._watches.values()))  # type: ignore[union-attr]
    driver.until(lambda: watch._observer is not None)  # type: ignore[attr-defined]
    took = []
    for number in range(5):
        path = root / f"change-{time.time_ns()}.png"
        Image.new("RGB", (640, 480), (40 * number, 90, 120)).save(path)
        at = time.perf_counter()
        wanted = Query(filter=Comparison("name", "=", path.name))
        driver.until(lambda wanted=wanted: len(library.search(wanted)) == 1)
        took.append(time.perf_counter() - at)
        driver.until(lambda: window.is_settled)
        path.unlink()
        driver.until(lambda wanted=wanted: len(library.search(wanted)) == 0)
        driver.until(lambda: window.is_settled)
    files = library.counts().ok
    window.close()
    return {
        "files": files,
        "p50_s": round(statistics.median(took), 2),
        "max_s": round(max(took), 2),
    }


def stalls(photos: Path) -> dict[str, Any]:
    """How long the event loop stalls while pictures are indexed and queries typed."""
    from PySide6.QtCore import QElapsedTimer, Qt, QTimer
    from PySide6.QtTest import QTest

    with tempfile.TemporaryDirectory() as home:
        driver = Driver(Path(home) / "library")
        window = driver.window
        driver.until(lambda: window.is_settled)
        clock, gaps = QElapsedTimer(), []
        clock.start()
        watchdog = QTimer(interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        watchdog.timeout.connect(lambda: gaps.append(max(0, clock.nsecsElapsed() / 1e9)))
        watchdog.timeout.connect(clock.restart)
        window.add_folder(photos)
        watchdog.start()
        letters = [letter for query in QUERIES for letter in (*query, "")]
        typed, begun, next_key = 0, time.perf_counter(), time.perf_counter() + 3
        while time.perf_counter() - begun < 5 or window._is_syncing:
            driver.application.processEvents()
            if time.perf_counter() >= next_key:
                letter = letters[typed % len(letters)]
                if letter:
                    QTest.keyClick(window._bar.focusProxy(), letter)
                else:
                    window._bar.clear()
                typed, next_key = typed + 1, time.perf_counter() + 0.15
            time.sleep(0.0005)
        watchdog.stop()
        seconds = time.perf_counter() - begun
        assert window._library is not None
        count = window._library.counts().ok
        window.close()
    late = [max(0.0, gap - EVERY_MS / 1000) for gap in gaps[5:]]
    return {
        "indexed": count,
        "images_per_s": round(count / seconds),
        "keys": typed,
        "p50_ms": quantile(late, 0.5),
        "p99_ms": quantile(late, 0.99),
        "max_ms": quantile(late, 1),
        "ticks": len(late),
    }


# --- what is measured on ------------------------------------------------------------------------


def make_photos(folder: Path) -> Path:
    """Copy small real photos until there are ten thousand files of different content."""
    from photos import sources

    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        found = sources()
        for number in range(INDEXED):
            source = found[number % len(found)]
            # Bytes behind a JPEG's end are no part of the picture, and make it another file.
            data = source.read_bytes() + number.to_bytes(4, "big")
            (folder / f"{number:05d}-{source.name}").write_bytes(data)
        (folder / "done").touch()
    return folder


def make_rows(folder: Path, count: int) -> Path:
    """Write rows straight into the tables of a library, and some thumbnails."""
    from rescan import thumbnail

    from bowerbird.library import Library

    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    with Library.open(folder) as library:
        (root := folder.parent / "gone").mkdir(exist_ok=True)
        collection = library.add_folder(root)
        with library._store.database.writing() as connection:
            connection.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO assets (uuid, collection_id, key, folder, name, size, mtime_ns, status,
                    moment, md5, head_tail, format, width, height, orientation)
                SELECT printf('%032x', i), ?, printf('%04d/%07d.jpg', i / 1000, i),
                    printf('%04d', i / 1000), printf('%07d.jpg', i), 1000000 + i, i * 1000000000,
                    'ok', i * 1000000000, printf('%032x', i), printf('%x', i), 'jpeg',
                    3000 + (i % 3) * 500, 3000 + (i % 4) * 400, 'landscape' FROM n
                """,
                (count, collection.id),
            )
        picture = thumbnail()
        for number in range(count, max(0, count - 10_000), -1):
            library._store.put_thumbnail(f"{number:032x}", picture)
    (folder / "done").touch()
    return folder


def make_library(folder: Path, count: int) -> Path:
    """Fill a library through the real store, with vectors."""
    from rescan import fill, make_files

    from bowerbird.library import Library

    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    root = folder.parent / "stubs"
    shutil.rmtree(root, ignore_errors=True)
    entries = make_files(root, count)
    with Library.open(folder) as library:
        fill(library, root, entries)
        for _ in library.sync(library.collections()[0]):  # builds the index once
            pass
    (folder / "done").touch()
    return folder


PARTS = {
    "start": start,
    "million": million,
    "typing": typing,
    "change": change,
    "stalls": stalls,
}


def measured(part: str, on: Path) -> dict[str, Any]:
    """Run one part in a process of its own."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--child", part, str(on)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "BEGUN": str(time.time())},
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["whole_s"] = round(time.perf_counter() - begun, 2)
    return found


BARE_LOOP = """
import os, subprocess, sys, time
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QApplication
busy = "import os; os.nice(15)\\nwhile True: sum(range(10**6))"
beside = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(os.cpu_count() or 1)]
application = QApplication(sys.argv)
clock, gaps = QElapsedTimer(), []
clock.start()
watchdog = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
watchdog.timeout.connect(lambda: (gaps.append(clock.nsecsElapsed() / 1e6 - 5), clock.restart()))
watchdog.start()
QTimer.singleShot(30_000, application.quit)
application.exec()
for process in beside:
    process.kill()
gaps = sorted(gaps[5:])
print(max(0, gaps[int(len(gaps) * 0.99)]), gaps[-1])
"""


def bare_stalls_ms() -> dict[str, float]:
    """Return how late an event loop without a window is, beside as many busy processes."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", BARE_LOOP]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    p99, most = (round(float(number), 1) for number in done.stdout.split())
    return {"p99_ms": p99, "max_ms": most}


def bare_window_s() -> float:
    """Return how long a window with one word takes from a cold Python, the median of five."""
    command = [sys.executable, "-c", BARE_WINDOW]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    """Read the command line, make what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), default=tuple(PARTS))
    parser.add_argument("--work", type=Path, help="where to keep what is measured on")
    parser.add_argument("--child", nargs=2, metavar=("PART", "ON"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(PARTS[options.child[0]](Path(options.child[1]))))
        return
    with tempfile.TemporaryDirectory() as home:
        work = options.work or Path(home)
        work.mkdir(parents=True, exist_ok=True)
        found: dict[str, Any] = {"bare_window_s": round(bare_window_s(), 2)}
        if {"start", "typing", "change"} & set(options.only):
            library = make_library(work / "library", HUNDRED_THOUSAND)
        for part in options.only:
            if part == "start":
                runs = [measured(part, library) for _ in range(5)]
                found[part] = {
                    "cold_s": round(statistics.median(run["painted_s"] for run in runs), 2),
                    "torch_imported": any(run["torch_imported"] for run in runs),
                }
            elif part == "million":
                found[part] = measured(part, make_rows(work / "million", MILLION))
            elif part in ("typing", "change"):
                found[part] = measured(part, library)
            else:
                found[part] = measured(part, make_photos(work / "photos"))
                found["bare_stalls"] = bare_stalls_ms()
            print(part, json.dumps(found[part]), flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
