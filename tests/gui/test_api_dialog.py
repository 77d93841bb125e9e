"""Other programs: the server's switch and its keys, with a real server and real keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QSpinBox,
)

from bowerbird.gui import messages, serving as serving_module
from bowerbird.gui.api_dialog import ApiDialog
from bowerbird.gui.jobs import Jobs
from bowerbird.gui.serving import Serving
from bowerbird.library import Library
from bowerbird.server.beside import Beside
from bowerbird.types import Scope

# The platform without a display says so of every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        opened.add_catalogue("shop")
        yield opened


@pytest.fixture
def jobs(qtbot) -> Iterator[Jobs]:
    failed: list[Exception] = []
    made = Jobs(1, "api", failed.append)
    yield made
    made.close()
    assert not failed


@pytest.fixture
def serving(
    library: Library, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serving]:
    monkeypatch.setattr(serving_module, "PORT", 0)
    kept = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    made = Serving(library, jobs, kept, jobs)
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot, library: Library, serving: Serving, jobs: Jobs) -> ApiDialog:
    made = ApiDialog(library, serving, jobs, None)
    qtbot.addWidget(made)
    made.show()
    return made


def test_switching_it_on_and_off(qtbot, dialog: ApiDialog, serving: Serving) -> None:
    assert "off" in dialog._state.text()
    dialog._switch.click()
    assert serving.is_on
    assert "starts" in dialog._state.text()
    qtbot.waitUntil(lambda: bool(serving.address), timeout=20_000)
    assert serving.address in dialog._state.text()
    assert requests.get(f"{serving.address}/similarity/photos/v2/ping", timeout=20).ok
    address = serving.address
    dialog._switch.click()
    assert (serving.is_on, serving.address) == (False, "")

    def gone() -> bool:
        try:
            requests.get(f"{address}/similarity/photos/v2/ping", timeout=2)
        except requests.ConnectionError:
            return True
        return False

    qtbot.waitUntil(gone, timeout=20_000)


def test_it_is_on_again_at_the_next_start(
    qtbot, library: Library, serving: Serving, jobs: Jobs
) -> None:
    serving.switch(on=True)
    qtbot.waitUntil(lambda: bool(serving.address), timeout=20_000)
    again = Serving(library, jobs, serving._kept, jobs)
    qtbot.waitUntil(lambda: bool(again.address), timeout=20_000)
    again.close()


def test_a_server_that_ends_is_said_to(
    qtbot, dialog: ApiDialog, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving.switch(on=True)
    qtbot.waitUntil(lambda: bool(serving.address), timeout=20_000)
    assert serving._beside is not None
    serving._beside._process.kill()
    serving._beside._process.wait()
    serving._check()
    assert not serving.is_on
    assert "ended" in dialog._state.text()
    assert not dialog._switch.isChecked()


def test_a_port_that_is_taken_is_said(
    qtbot, dialog: ApiDialog, serving: Serving, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Beside(library.path, 0)
    monkeypatch.setattr(serving_module, "PORT", int(first.address.rpartition(":")[2]))
    serving.switch(on=True)
    qtbot.waitUntil(lambda: not serving.is_on, timeout=20_000)
    assert "cannot" in dialog._state.text() or "Nothing" in dialog._state.text()
    first.close()


def test_keys_are_made_shown_once_and_revoked(qtbot, dialog: ApiDialog, library: Library) -> None:
    assert not dialog._empty.isHidden()

    def fill() -> None:
        asking = QApplication.activeModalWidget()
        assert isinstance(asking, QDialog)
        make = next(b for b in asking.findChildren(QPushButton) if b.text() == "Make")
        assert not make.isEnabled()
        asking.findChild(QLineEdit).setText("My shop")
        asking.findChild(QComboBox).setCurrentIndex(1)
        asking.findChild(QListWidget).item(0).setCheckState(Qt.CheckState.Checked)
        rate, credits = asking.findChildren(QSpinBox)
        assert (rate.text(), credits.text()) == ("no limit", "no limit")
        rate.setValue(60)
        credits.setValue(0)
        make.click()

    qtbot.waitUntil(lambda: bool(dialog._collections))
    QTimer.singleShot(100, fill)
    dialog._make()
    qtbot.waitUntil(lambda: not dialog._made.isHidden())
    secret = dialog._made._secret.text()
    key = library.access.find(secret)
    assert key is not None
    assert (key.name, key.scope) == ("My shop", Scope.WRITE)
    assert (key.per_minute, key.credits) == (60, 0)
    assert key.collections == (library.collection("shop").uuid,)
    copy = dialog._made.findChildren(QPushButton)[1]
    copy.click()
    assert QGuiApplication.clipboard().text() == secret
    qtbot.waitUntil(lambda: dialog._table.rowCount() == 1)
    limits = dialog._table.item(0, 1).toolTip()
    assert limits == "60 requests a minute\n0 pictures left to reimagine"
    cells = [dialog._table.item(0, column).text() for column in range(6)]
    assert cells == ["My shop", "Search and change", "shop", "0", "never", key.id]
    assert secret not in " ".join(cells)

    def agree() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, QMessageBox)
        next(b for b in question.buttons() if b.text() == "Revoke").click()

    dialog._table.selectRow(0)
    QTimer.singleShot(100, agree)
    assert dialog._revoke.shortcut() == QKeySequence(QKeySequence.StandardKey.Delete)
    dialog._revoke.click()
    qtbot.waitUntil(lambda: dialog._table.rowCount() == 0)
    assert library.access.find(secret) is None


def test_keeping_a_key(qtbot, dialog: ApiDialog, library: Library) -> None:
    library.access.make("kept")
    dialog.read()
    qtbot.waitUntil(lambda: dialog._table.rowCount() == 1)
    assert not dialog._revoke.isEnabled()
    dialog._table.selectRow(0)
    assert dialog._revoke.isEnabled()
    QTimer.singleShot(100, lambda: QApplication.activeModalWidget().close())
    dialog._ask_to_revoke()
    assert len(library.access.known()) == 1


def test_a_name_that_is_taken_is_said_in_the_dialog(
    qtbot, dialog: ApiDialog, library: Library
) -> None:
    library.access.make("shop")
    dialog.read()
    qtbot.waitUntil(lambda: dialog._table.rowCount() == 1)

    def fill() -> None:
        asking = QApplication.activeModalWidget()
        asking.findChild(QLineEdit).setText("Shop")
        asking.accept()

    QTimer.singleShot(100, fill)
    dialog._make()
    qtbot.waitUntil(dialog._trouble.isVisible)
    assert dialog._trouble.text() == "There is a key 'Shop' already. Take another name."
    dialog.read()
    qtbot.waitUntil(dialog._trouble.isHidden)


def test_requests_are_told_by_month(qtbot, dialog: ApiDialog, library: Library) -> None:
    key, _ = library.access.make("shop")
    library.access.count({(key.id, "visualKNN"): (1200, 0), (key.id, "ping"): (3, 0)})
    dialog.read()
    qtbot.waitUntil(lambda: dialog._table.rowCount() == 1)
    cell = dialog._table.item(0, 3)
    assert cell.text() == messages.count(1203)
    assert f"visualKNN: {messages.count(1200)}" in cell.toolTip()
