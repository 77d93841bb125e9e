"""What is known of the selected pictures, and what can be done with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui.colour_button import swatch
from bowerbird.gui.fact_lines import FactLines, emptied, wrapped
from bowerbird.gui.facts import facts, sums, titled
from bowerbird.gui.flow import FlowLayout
from bowerbird.gui.i18n import tr
from bowerbird.gui.metadata import MetadataEditor
from bowerbird.gui.read_text import ReadText
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Asset, Colour, Suggestion

# Tags of very many pictures are not read one by one.
MOST_SHARED = 500
_SMALL = 7 * UNIT


class Inspector(QScrollArea):
    """The right side of the window: picture, facts, colours, tags, and what looks alike."""

    tag_wanted = Signal(str)
    untag_wanted = Signal(str)
    metadata_wanted = Signal(object)
    """The free metadata that the picture is to have, a dict."""
    colour_wanted = Signal(str)
    """`#rrggbb`: pictures with this colour."""
    similar_wanted = Signal(str)
    """uuid of a picture to go to."""
    left = Signal()
    """Escape: the hands go back to the pictures."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._assets: list[Asset] = []
        self._offered: Sequence[tuple[str, str, Callable[[], object]]] = ()
        self._picture = QPixmap()
        self._found: tuple[tuple[str, str], ...] = ()
        self._title = ""
        self.setObjectName("inspector")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Details"))
        self.setMinimumWidth(26 * UNIT)
        self._page = QWidget()
        self._page.setObjectName("inspected")
        self.setWidget(self._page)
        self._preview = QLabel()
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = wrapped("title")
        self._where = wrapped("quiet")
        self._facts = FactLines()
        self._colours = _Flow()
        self._tags, self._suggested = _Flow(), _Flow()
        self._known = QStringListModel(self)
        self._field = self._tag_field()
        self._data = MetadataEditor(theme)
        self._data.changed.connect(self.metadata_wanted)
        self._data.left.connect(self.left)
        self._data_heading = _heading(tr("Facts of your own"))
        self.read = ReadText(theme)
        self.read.left.connect(self.left)
        self._acts = _Flow()
        self._similar, self._twins = _Flow(), _Flow()
        self._colours_heading = _heading(tr("Colours"))
        self._similar_heading = _heading(tr("Looks alike"))
        self._twins_heading = _heading(tr("Nearly the same"))
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT)
        parts: tuple[QWidget | FactLines | None, ...] = (
            *(self._preview, self._acts, self._name, self._where, self._facts, self.read, None),
            *(self._colours_heading, self._colours, None),
            *(_heading(tr("Tags")), self._tags, self._suggested, self._field, None),
            *(self._data_heading, self._data, None),
            *(self._twins_heading, self._twins, self._similar_heading, self._similar),
        )
        for part in parts:
            if part is None:
                layout.addSpacing(UNIT)
            elif isinstance(part, QWidget):
                layout.addWidget(part)
            else:
                layout.addLayout(part)
        layout.addStretch(1)
        self._none = QLabel(tr("Select a picture to see what is known of it."))
        self._none.setObjectName("quiet")
        self._none.setWordWrap(True)
        layout.insertWidget(0, self._none)
        self.show_assets([], 0)

    # --- what is shown --------------------------------------------------------------------------

    @property
    def assets(self) -> list[Asset]:
        """The pictures whose facts are shown."""
        return self._assets

    def show_assets(self, assets: Sequence[Asset], count: int) -> None:
        """Show one picture, or what several share.

        Args:
            assets: Those that are selected, or the first `MOST_SHARED` of them.
            count: How many are selected.
        """
        same = [asset.id for asset in assets] == [asset.id for asset in self._assets]
        self._assets = list(assets)
        one = assets[0] if len(assets) == 1 else None
        self._none.setVisible(not assets)
        for widget in self._page.findChildren(
            QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            if widget is not self._none:
                widget.setVisible(bool(assets))
        self._title = titled(one) if one else tr("%n pictures", "", count)
        self._name.setToolTip(self._title)
        self._fit_title()
        self._where.setText(_broken(one.file_key) if one else "")
        self._where.setVisible(one is not None)
        self._preview.setVisible(one is not None)
        self._suggested.setVisible(one is not None)
        for widget in (self._data_heading, self._data):
            widget.setVisible(one is not None)
        if one is not None:
            self._data.show_data(one.metadata)
        if not same:
            self._found = ()
        self._facts.show_lines([*(facts(one) if one else sums(assets, count)), *self._found])
        self._show_colours(one.colours if one else ())
        self._show_tags(_shared_tags(assets))
        if not same:
            self.show_picture(None)
            self.show_similar([])
            self.show_suggestions(())
            self.read.show_reading(None)

    def show_found(self, assets: Sequence[Asset], line: tuple[str, str]) -> None:
        """Show one fact more, which took its time, while these are still inspected."""
        if [asset.id for asset in assets] == [asset.id for asset in self._assets]:
            self._found = (line,)
            self._facts.add_line(*line)

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show the large preview; None until it is there."""
        self._picture = picture or QPixmap()
        self._fit()

    def show_similar(
        self, found: Sequence[tuple[Asset, QPixmap]], twins: Sequence[tuple[Asset, QPixmap]] = ()
    ) -> None:
        """Show small pictures that look alike, and near-duplicates; each leads to its own."""
        for heading, flow, pictures in (
            (self._similar_heading, self._similar, found),
            (self._twins_heading, self._twins, twins),
        ):
            self._fill(flow, pictures)
            for widget in (heading, flow):
                widget.setVisible(bool(pictures))

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Show tags that the picture may have; a click makes one its own."""
        self._suggested.clear()
        taken = {tag.casefold() for tag in _shared_tags(self._assets)}
        for one in suggestions:
            if one.name.casefold() in taken:
                continue
            chip = QToolButton()
            chip.setObjectName("filter")
            chip.setText(one.name.replace("&", "&&"))
            chip.setIcon(self._theme.icon("add", "quiet", 12))
            chip.setIconSize(QSize(12, 12))
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            sure = f"{one.confidence:.0%}"
            chip.setToolTip(tr("Add this tag ({sure} sure)").format(sure=sure))
            chip.setAccessibleName(tr("Add tag “{tag}”").format(tag=one.name))
            chip.clicked.connect(lambda _=False, tag=one.name: self.tag_wanted.emit(tag))
            chip.clicked.connect(chip.hide)
            self._suggested.add(chip)
        self._suggested.setVisible(bool(suggestions))

    def _fill(self, flow: _Flow, pictures: Sequence[tuple[Asset, QPixmap]]) -> None:
        flow.clear()
        for asset, picture in pictures:
            button = QToolButton()
            button.setObjectName("similar")
            button.setIcon(QIcon(picture))
            button.setIconSize(QSize(_SMALL, _SMALL))
            button.setToolTip(titled(asset))
            button.setAccessibleName(titled(asset))
            button.clicked.connect(lambda _=False, uuid=asset.uuid: self.similar_wanted.emit(uuid))
            flow.add(button)

    def offer(self, acts: Sequence[tuple[str, str, Callable[[], object]]]) -> None:
        """Show buttons below the preview.

        Args:
            acts: Name, icon, and what each does.
        """
        self._offered = acts
        self._acts.clear()
        for name, icon, act in acts:
            button = QToolButton()
            button.setIcon(self._theme.icon(icon, "text", 18))
            button.setIconSize(QSize(18, 18))
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(lambda _=False, act=act: act())
            self._acts.add(button)

    def know_tags(self, tags: Sequence[str]) -> None:
        """Offer these while somebody types."""
        self._known.setStringList(list(tags))

    def edit_tags(self) -> None:
        """Put the hands into the tag field."""
        if self._assets:
            self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- parts ----------------------------------------------------------------------------------

    def _tag_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(tr("Add a tag"))
        field.setAccessibleName(tr("Add a tag"))
        completer = QCompleter(self._known, field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        field.setCompleter(completer)
        field.returnPressed.connect(self._add_tag)
        field.installEventFilter(self)
        return field

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the tag field, and not the search."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._field.clear()
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _add_tag(self) -> None:
        for tag in self._field.text().split(","):
            if tag.strip():
                self.tag_wanted.emit(tag.strip())
        # The completer writes what was picked behind this.
        self._field.clear()

    def _show_colours(self, colours: Sequence[Colour]) -> None:
        self._colours.clear()
        for colour in colours:
            button = QToolButton()
            button.setIcon(QIcon(swatch(colour.hex, 22)))
            button.setIconSize(QSize(22, 22))
            share = round(100 * colour.weight)
            button.setToolTip(f"{colour.hex} · {share} %\n" + tr("Find pictures of this colour"))
            button.setAccessibleName(tr("Colour {colour}").format(colour=colour.hex))
            button.clicked.connect(lambda _=False, code=colour.hex: self.colour_wanted.emit(code))
            self._colours.add(button)
        for widget in (self._colours_heading, self._colours):
            widget.setVisible(bool(colours))

    def _show_tags(self, tags: Sequence[str]) -> None:
        self._tags.clear()
        for tag in tags:
            chip = QToolButton()
            chip.setObjectName("tag")
            chip.setText(tag.replace("&", "&&"))
            chip.setIcon(self._theme.icon("close", "text", 12))
            chip.setIconSize(QSize(12, 12))
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            chip.setToolTip(tr("Remove this tag"))
            chip.setAccessibleName(tr("Remove tag “{tag}”").format(tag=tag))
            chip.clicked.connect(lambda _=False, tag=tag: self.untag_wanted.emit(tag))
            self._tags.add(chip)
        self._tags.setVisible(bool(tags))

    def _fit_title(self) -> None:
        """A name that has no room loses its middle."""
        room = self.viewport().width() - 4 * UNIT
        middle = Qt.TextElideMode.ElideMiddle
        self._name.setText(self._name.fontMetrics().elidedText(self._title, middle, room))

    def _fit(self) -> None:
        if self._picture.isNull():
            self._preview.setPixmap(QPixmap())
            return
        ratio = self.devicePixelRatioF()
        room = QSize(self.viewport().width() - 4 * UNIT, 36 * UNIT) * ratio
        fitted = self._picture.scaled(
            self._picture.size().boundedTo(room) if _within(self._picture, room) else room,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self._preview.setPixmap(fitted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the preview to the width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()
            self._fit_title()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the tags' crosses in the new scheme's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._assets:
            self._show_tags(_shared_tags(self._assets))
            self.offer(self._offered)
            self.read.draw_icons()


class _Flow(QWidget):
    """Widgets in lines that break."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = FlowLayout(self, 4)

    def add(self, widget: QWidget) -> None:
        self._layout.addWidget(widget)
        widget.show()

    def clear(self) -> None:
        emptied(self._layout)


def _shared_tags(assets: Sequence[Asset]) -> list[str]:
    """Tags that any of the pictures has, in order of their first one."""
    return list(dict.fromkeys(tag for asset in assets for tag in asset.tags))


def _within(picture: QPixmap, room: QSize) -> bool:
    return picture.width() <= room.width() and picture.height() <= room.height()


def _broken(key: str) -> str:
    """Let a long path or name break behind what joins its parts."""
    return re.sub(r"([/_.-])", "\\1\N{ZERO WIDTH SPACE}", key)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label
