"""Removes backgrounds picture by picture: look at before and after, correct by a brush, save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.brush_bar import BrushBar
from bowerbird.gui.corrections import Corrections, Strokes
from bowerbird.gui.cutout_canvas import STEP, Canvas
from bowerbird.gui.cutout_target import TargetBar
from bowerbird.gui.cutting import save_all, save_one
from bowerbird.gui.i18n import tr
from bowerbird.gui.retouching import Retouching
from bowerbird.gui.theme import UNIT, Theme
from bowerbird.types import Asset, Stroke

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.gui.tasks import Task
    from bowerbird.gui.writing import Writing
    from bowerbird.library import Library

# A share of the picture below which no subject was found.
_NOTHING = 0.002


class CutoutDialog(QDialog):
    """One picture after the other, each with strokes of its own until the dialog closes.

    Args:
        theme: Colours.
        library: Cuts out.
        jobs: Runs what is looked at.
        writing: Runs what is written, which goes on when the dialog is closed.
        ids: The pictures.
        parent: The window.
    """

    rested = Signal()
    """What is seen is what was asked for."""

    def __init__(
        self,
        theme: Theme,
        library: Library,
        jobs: Jobs,
        writing: Writing,
        ids: Sequence[int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._writing = writing
        self._ids = list(ids)
        self._at = 0
        self._asset: Asset | None = None
        self._corrections = {each: Corrections() for each in self._ids}
        self._saved: set[int] = set()
        self._saving: list[tuple[Task, int, Strokes]] = []
        self._note = ""
        self.setWindowTitle(tr("Remove the background"))
        self._canvas = Canvas(theme)
        self._brush = BrushBar(theme, self._canvas)
        self._target = TargetBar(library, jobs)
        self._work = Retouching(library, jobs, self)
        self._build()
        self._lay_out()
        self._connect()
        self._install()
        self.resize(120 * UNIT, 92 * UNIT)
        self._open()
        self._canvas.setFocus()

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self._faint = QCheckBox(tr("Show what is removed, faintly"))
        self._faint.setToolTip(tr("To see where the brush is to bring something back (F)"))
        self._scale = QLabel()
        self._scale.setObjectName("quiet")
        self._scale.setMinimumWidth(6 * UNIT)
        self._scale.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._said = QLabel()
        self._said.setObjectName("quiet")
        self._said.setWordWrap(True)
        self._before = QPushButton(tr("Previous"))
        self._next = QPushButton(tr("Next"))
        self._which = QLabel()
        self._rest = QPushButton()
        self._rest.setToolTip(
            tr("Those that you corrected keep your strokes; the others are saved as found.")
        )
        self._close = QPushButton(tr("Close"))
        self._save = QPushButton(tr("Save"))
        self._save.setObjectName("primary")
        for button in (self._before, self._next, self._rest, self._close):
            button.setAutoDefault(False)
        self._save.setDefault(True)

    def _lay_out(self) -> None:
        last = QHBoxLayout()
        last.setSpacing(UNIT)
        for widget in (self._before, self._which, self._next):
            last.addWidget(widget)
        last.addStretch(1)
        for button in (self._rest, self._close, self._save):
            last.addWidget(button)
        line = QHBoxLayout()
        line.setSpacing(2 * UNIT)
        line.addWidget(self._said, 1)
        line.addWidget(self._faint)
        line.addWidget(self._scale)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT)
        layout.addWidget(self._brush)
        layout.addWidget(self._canvas, 1)
        layout.addLayout(line)
        layout.addWidget(self._target)
        layout.addLayout(last)
        for widget in (self._before, self._which, self._next, self._rest):
            widget.setVisible(len(self._ids) > 1)

    def _connect(self) -> None:
        self._canvas.stroke_drawn.connect(self._draw)
        self._canvas.zoomed.connect(self._say_scale)
        self._brush.undo_wanted.connect(self._undo)
        self._brush.redo_wanted.connect(self._redo)
        self._brush.reset_wanted.connect(self._reset)
        self._target.behind_chosen.connect(self._show_behind)
        self._target.cutters.chosen.connect(self._open)
        self._target.cutters.told.connect(self._tell)
        self._faint.toggled.connect(self._canvas.show_removed)
        self._work.opened.connect(self._opened)
        self._work.looked.connect(self._looked)
        self._work.failed.connect(self._failed)
        self._work.worked.connect(self._say)
        self._before.clicked.connect(lambda: self._step(-1))
        self._next.clicked.connect(lambda: self._step(1))
        self._rest.clicked.connect(self._save_rest)
        self._close.clicked.connect(self.reject)
        self._save.clicked.connect(self._save_this)

    def _install(self) -> None:
        canvas = self._canvas
        for keys, act in (
            ("K", lambda: self._brush.choose(keep=True)),
            ("R", lambda: self._brush.choose(keep=False)),
            ("[", lambda: canvas.set_radius(canvas.radius / STEP)),
            ("]", lambda: canvas.set_radius(canvas.radius * STEP)),
            ("X", canvas.toggle),
            ("F", self._faint.toggle),
            ("+", canvas.zoom_in),
            ("=", canvas.zoom_in),
            ("-", canvas.zoom_out),
            ("0", canvas.show_whole),
            ("1", canvas.show_own_size),
            ("Ctrl+Z", self._undo),
            ("Ctrl+Shift+Z", self._redo),
            ("Ctrl+S", self._save.click),
            ("PgUp", self._before.click),
            ("PgDown", self._next.click),
        ):
            QShortcut(QKeySequence(keys), self, act)

    # --- one picture ----------------------------------------------------------------------------

    @property
    def _id(self) -> int:
        return self._ids[self._at]

    @property
    def _mine(self) -> Corrections:
        return self._corrections[self._id]

    @property
    def is_settled(self) -> bool:
        """Whether what is seen is what was asked for, and nothing is being written."""
        return not self._work.is_busy and not self._saving

    def _open(self) -> None:
        self._asset = None
        self._canvas.show_text("")
        self._work.open(
            self._id, self._mine.strokes, self._target.behind, self._target.cutters.cutter
        )
        self._show_state()

    def _opened(self, asset: Asset, image: QImage) -> None:
        self._asset = asset
        width, height = asset.width or image.width(), asset.height or image.height()
        self._canvas.show_picture(image, width, height, self._mine.strokes)
        self._show_state()

    def _looked(self, strokes: Strokes, image: QImage, coverage: float) -> None:
        if coverage < _NOTHING and not strokes:
            self._note = tr("No subject was found. Paint over what is to be kept.")
        self._canvas.show_look(image, strokes)
        self._say()

    def _failed(self, error: Exception) -> None:
        self._note = messages.sentence(error)
        if self._asset is None:
            self._canvas.show_text(self._note)
            self._note = ""
        self._show_state()

    def _draw(self, stroke: Stroke) -> None:
        self._mine.add(stroke)
        self._note = ""
        self._look_again()

    def _undo(self) -> None:
        # What is half drawn is no stroke yet.
        if not self._canvas.is_painting:
            self._mine.undo()
            self._look_again()

    def _redo(self) -> None:
        if not self._canvas.is_painting:
            self._mine.redo()
            self._look_again()

    def _reset(self) -> None:
        self._mine.reset()
        self._look_again()

    def _show_behind(self, behind: str) -> None:
        self._canvas.show_behind(behind)
        self._faint.setEnabled(not behind)
        self._look_again()

    def _look_again(self) -> None:
        self._work.show(self._mine.strokes, self._target.behind)
        self._canvas.show_strokes(self._mine.strokes)
        self._show_state()

    # --- what is said ---------------------------------------------------------------------------

    def _show_state(self) -> None:
        there = self._asset is not None
        self._brush.setEnabled(there)
        self._brush.show_corrections(self._mine)
        self._save.setEnabled(there)
        self._before.setEnabled(self._at > 0)
        self._next.setEnabled(self._at + 1 < len(self._ids))
        name = "" if self._asset is None else self._asset.name
        place = tr("{number} of {count}").format(
            number=messages.count(self._at + 1), count=messages.count(len(self._ids))
        )
        self._which.setText(place)
        self.setWindowTitle(" · ".join(filter(None, (tr("Remove the background"), name))))
        left = [each for each in self._ids if each not in self._saved]
        self._rest.setEnabled(bool(left))
        text = tr("Save the other {count}") if self._saved else tr("Save all {count}")
        self._rest.setText(text.format(count=messages.count(len(left))))
        self._say()

    def _tell(self, text: str) -> None:
        self._note = text
        self._say()

    def _say(self) -> None:
        text = self._note
        if self._work.is_busy and not text:
            text = tr("Working …") if self._mine.strokes else tr("Looking for the subject …")
        self._said.setText(text)
        self._say_scale()
        if self.is_settled:
            self.rested.emit()

    def _say_scale(self) -> None:
        shown = self._asset is not None
        percent = round(100 * self._canvas.zooming.scale * self.devicePixelRatioF())
        self._scale.setText(f"{percent} %" if shown else "")

    # --- others, and the end --------------------------------------------------------------------

    def _step(self, way: int) -> None:
        to = self._at + way
        if 0 <= to < len(self._ids) and not self._canvas.is_painting:
            self._at, self._note = to, ""
            self._open()

    def _save_this(self) -> None:
        draft, asset, strokes = self._work.draft, self._asset, self._mine.strokes
        how = self._target.how(self) if draft is not None else None
        if draft is None or asset is None or how is None:
            return
        task = self._writing.start(
            tr("Remove background of {name}").format(name=asset.name),
            lambda written: save_one(self._library, asset, draft, strokes, how, written),
        )
        self._saving.append((task, self._id, strokes))
        task.ended.connect(self._written)
        self._note = tr("Saving {name} …").format(name=asset.name)
        self._say()

    def _written(self) -> None:
        """Say what became of what was being written, and go on to the next picture."""
        for saving in [each for each in self._saving if not each[0].running]:
            self._saving.remove(saving)
            task, asset_id, strokes = saving
            if task.trouble or task.step is None or not task.step.done:
                self._note = task.outcome
                continue
            self._corrections[asset_id].note_saved(strokes)
            self._saved.add(asset_id)
            is_shown = asset_id == self._id and self._mine.strokes == strokes
            if is_shown and not self._canvas.is_painting:
                self._step(1)
            self._note = tr("Saved as {name}").format(name=task.step.current)
        self._show_state()

    def _save_rest(self) -> None:
        how = self._target.how(self)
        if how is None:
            return
        ids = [each for each in self._ids if each not in self._saved]
        strokes = {each: self._corrections[each].strokes for each in ids}
        self._writing.start(
            tr("Remove background of %n pictures", "", len(ids)),
            lambda written: save_all(self._library, ids, strokes, how, written),
        )
        self.accept()

    def reject(self) -> None:
        """Close, once it is clear that strokes would be lost."""
        written = {asset_id: strokes for _, asset_id, strokes in self._saving}
        lost = any(
            each.unsaved and written.get(asset_id) != each.strokes
            for asset_id, each in self._corrections.items()
        )
        if not lost or self._agrees_to_lose():
            super().reject()

    def _agrees_to_lose(self) -> bool:
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(tr("Your strokes are not saved."))
        lose = question.addButton(
            tr("Close without saving"), QMessageBox.ButtonRole.DestructiveRole
        )
        stay = question.addButton(tr("Go on painting"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(stay)
        question.exec()
        return question.clickedButton() is lose

    def done(self, result: int) -> None:
        """Stop what is only looked at; what is being written goes on."""
        self._work.close()
        self._saving.clear()
        super().done(result)
        self.deleteLater()
