"""What the theme draws can be seen, in both schemes."""

import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bowerbird import paths
from bowerbird.gui import shortcuts
from bowerbird.gui.theme import Theme

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def luminance(colour: QColor) -> float:
    """Return the relative luminance, as WCAG 2 has it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def row(image: QImage) -> list[QColor]:
    """Return the pixels of the line through the middle of a box without words."""
    return [image.pixelColor(x, image.height() // 2) for x in range(min(24, image.width()))]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_frames_of_unticked_boxes_and_ticks_can_be_seen(qapp: QApplication, dark: bool) -> None:
    theme = Theme(qapp, dark=dark)
    dialog = QDialog()
    layout = QVBoxLayout(dialog)
    boxes = QCheckBox(), QCheckBox()
    boxes[1].setChecked(True)
    for box in boxes:
        layout.addWidget(box)
    dialog.resize(200, 100)
    dialog.show()
    ground = theme.colour("ground")
    whole = dialog.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    empty, ticked = (row(whole.copy(box.geometry())) for box in boxes)
    assert max(contrast(pixel, ground) for pixel in empty) >= 3.0
    accent = theme.colour("accent")
    assert max(contrast(pixel, ground) for pixel in ticked) >= 3.0
    assert max(contrast(pixel, accent) for pixel in ticked) >= 3.0, "the tick on its ground"
    dialog.close()


def test_what_is_chosen_needs_no_more_room(theme: Theme) -> None:
    """Qt measures a button before it is chosen: bolder words would be cut off."""
    sheet = tomllib.loads(paths.resource("themes/bowerbird.toml").read_text("utf-8"))["sheet"]
    states = [line for line in sheet["text"].splitlines() if ":checked" in line or "lit=" in line]
    assert states
    assert not [line for line in states if "font" in line]


@pytest.mark.parametrize("language", ["en", "de", "zh_CN"])
def test_the_sheet_of_keys_fits_a_small_laptop(
    language: str, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "i18n" / f"bowerbird_{language}.ts").read_text("utf-8")
    messages = ElementTree.fromstring(text).iter("message")
    words = {each.findtext("source"): each.findtext("translation") for each in messages}
    monkeypatch.setattr(shortcuts, "tr", lambda source: words.get(source) or source)
    window = QWidget()
    qtbot.addWidget(window)
    size = shortcuts.Sheet(window).sizeHint()
    # Keys are longer than here in some languages, and a screen has a panel.
    assert size.width() <= 1240
    assert size.height() <= 740
