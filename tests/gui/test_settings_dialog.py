"""The settings as people see them."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from bowerbird.errors import UsageError
from bowerbird.gui.settings_dialog import SettingsDialog, options
from bowerbird.gui.theme import Theme
from bowerbird.settings import MEBI, Settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def shown(theme: Theme) -> Iterator[tuple[SettingsDialog, list[tuple[Settings, str]]]]:
    window, saved = QWidget(), []

    def save(settings: Settings, scheme: str) -> None:
        if settings.hidden:
            raise UsageError("No room. Free some.")
        saved.append((settings, scheme))

    dialog = SettingsDialog(Settings(queue_bytes=5), "dark", save, window)
    dialog.show()
    yield dialog, saved
    window.deleteLater()


def button(dialog: SettingsDialog, which: QDialogButtonBox.StandardButton) -> QWidget:
    return dialog.findChild(QDialogButtonBox).button(which)  # type: ignore[no-any-return]


def test_every_option_of_weight_is_there(shown: tuple[SettingsDialog, object]) -> None:
    # The dialog of models chooses what removes backgrounds and what finds things.
    left_out = {"queue_bytes", "batch_size", "cutout_model", "detector_model"}
    assert {o.name for o in options()} == set(Settings.__dataclass_fields__) - left_out


def test_changes_are_handed_over(shown: tuple[SettingsDialog, list[tuple[Settings, str]]]) -> None:
    dialog, saved = shown
    fields = dialog._fields
    spin, text = fields["max_file_bytes"], fields["ignore"]
    assert isinstance(spin, QSpinBox)
    assert isinstance(text, QPlainTextEdit)
    assert spin.value() == 2048
    assert spin.suffix() == " MiB"
    spin.setValue(10)
    text.setPlainText("*.tmp\n\n  old/*  ")
    dialog._scheme.setCurrentIndex(1)
    button(dialog, QDialogButtonBox.StandardButton.Save).click()
    wanted = Settings(queue_bytes=5, max_file_bytes=10 * MEBI, ignore=("*.tmp", "old/*"))
    assert saved == [(wanted, "light")]
    assert not dialog.isVisible()


def test_what_cannot_be_saved_is_said_and_kept(
    shown: tuple[SettingsDialog, list[tuple[Settings, str]]],
) -> None:
    dialog, saved = shown
    hidden = dialog._fields["hidden"]
    assert isinstance(hidden, QCheckBox)
    hidden.click()
    button(dialog, QDialogButtonBox.StandardButton.Save).click()
    assert dialog.isVisible()
    assert any("No room" in label.text() for label in dialog.findChildren(QLabel))
    button(dialog, QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert dialog.settings() == Settings(queue_bytes=5)
    assert saved == []


def test_settings_are_found_by_their_words(shown: tuple[SettingsDialog, object]) -> None:
    dialog, _ = shown
    dialog.findChild(QLineEdit).setText("thumbnail room")
    visible = [name for name, field in dialog._fields.items() if field.isVisible()]
    assert visible == ["thumbnail_cache_bytes"]
    dialog.findChild(QLineEdit).clear()
    assert all(field.isVisible() for field in dialog._fields.values())
