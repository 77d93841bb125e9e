"""Narrows by what is said of pictures: prices, categories, whatever a catalogue holds."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from bowerbird.gui import messages
from bowerbird.gui.filtering import META, Narrowing
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import Fact

# What is chosen is written into the button as far as there is room.
MOST_WRITTEN = 40


class FactsButton(QToolButton):
    """A menu of facts: values to choose from, or a range of numbers."""

    narrowed = Signal(object)
    """Another Narrowing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._narrowing = Narrowing()
        self._facts: tuple[Fact, ...] = ()
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def show_facts(self, facts: tuple[Fact, ...], narrowing: Narrowing) -> None:
        """Show what there is, and what of it is chosen."""
        self._facts, self._narrowing = facts, narrowing
        words = ", ".join(_words(narrowing))
        if len(words) > MOST_WRITTEN:
            words = words[: MOST_WRITTEN - 1] + "…"
        title = tr("Facts")
        self.setText(f"{title}: {words}" if words else title)
        self.setToolTip(tr("Narrow by what is said of pictures"))
        self.setVisible(bool(facts or words))

    @property
    def is_lit(self) -> bool:
        """Whether it narrows."""
        return bool(_words(self._narrowing))

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        known = {fact.name for fact in self._facts}
        # What is chosen stays in reach, also where nothing of it is left.
        gone = [name for name in self._narrowing.facts if name not in known]
        for fact in (*self._facts, *(Fact(name, 0) for name in gone)):
            part = menu.addMenu(fact.name.replace("&", "&&"))
            if fact.least is not None or fact.name in self._narrowing.ranges:
                self._add_range(part, fact)
            else:
                self._add_values(part, fact)

    def _add_values(self, menu: QMenu, fact: Fact) -> None:
        field = META + fact.name
        chosen = self._narrowing.values(field)
        known = dict(fact.values)
        for value in (*known, *(value for value in chosen if value not in known)):
            shown = value.replace("&", "&&")
            count = messages.count(known.get(value, 0))
            action = menu.addAction(f"{shown}\t{count}")
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.triggered.connect(
                lambda _=False, value=value: self.narrowed.emit(
                    self._narrowing.toggled(field, value)
                )
            )

    def _add_range(self, menu: QMenu, fact: Fact) -> None:
        low, high = self._narrowing.ranges.get(fact.name, (None, None))
        fields = (_number(low, fact.least), _number(high, fact.most))
        board = QWidget()
        layout = QFormLayout(board)
        layout.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        for title, field in zip((tr("From"), tr("To")), fields, strict=True):
            field.setAccessibleName(f"{fact.name} {title}")
            layout.addRow(title, field)
        go = QPushButton(tr("Show these"))
        layout.addRow(go)

        def choose() -> None:
            self.narrowed.emit(
                self._narrowing.with_range(fact.name, _value(fields[0]), _value(fields[1]))
            )
            self.menu().close()

        go.clicked.connect(choose)
        for field in fields:
            field.returnPressed.connect(choose)
        action = QWidgetAction(menu)
        action.setDefaultWidget(board)
        menu.addAction(action)
        menu.addAction(tr("Any")).triggered.connect(
            lambda: self.narrowed.emit(self._narrowing.with_range(fact.name, None, None))
        )
        menu.aboutToShow.connect(fields[0].setFocus)


def _number(value: float | None, bound: float | None) -> QLineEdit:
    field = QLineEdit("" if value is None else QLocale().toString(value))
    field.setPlaceholderText("" if bound is None else QLocale().toString(bound))
    field.setValidator(QDoubleValidator(field))
    return field


def _value(field: QLineEdit) -> float | None:
    value, known = QLocale().toDouble(field.text().strip())
    return value if known else None


def _words(narrowing: Narrowing) -> list[str]:
    """Return what is chosen, as people write it."""
    found = []
    for name in narrowing.facts:
        values = narrowing.values(META + name)
        low, high = narrowing.ranges.get(name, (None, None))
        if values:
            found.append(f"{name} {', '.join(values)}")
        elif low is not None and high is not None:
            dash = "\N{EN DASH}"
            found.append(f"{name} {QLocale().toString(low)} {dash} {QLocale().toString(high)}")
        elif low is not None:
            found.append(f"{name} ≥ {QLocale().toString(low)}")
        elif high is not None:
            found.append(f"{name} ≤ {QLocale().toString(high)}")
    return found
