"""Asks for a bucket and tries it before it becomes a collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from bowerbird.gui import messages
from bowerbird.gui.i18n import tr
from bowerbird.gui.theme import UNIT
from bowerbird.types import Collection

if TYPE_CHECKING:
    from bowerbird.gui.jobs import Jobs
    from bowerbird.library import Library


class BucketDialog(QDialog):
    """Address and ways of a bucket; what is wrong with them is said here.

    Args:
        library: Gets the collection.
        jobs: Runs the trying, which may take its time.
        added: Called with the collection.
        parent: The window.
    """

    def __init__(
        self,
        library: Library,
        jobs: Jobs,
        added: Callable[[Collection], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs = jobs
        self._added = added
        self.setWindowTitle(tr("Add a bucket"))
        self._url = self._line("s3://bucket/prefix")
        self._endpoint = self._line(tr("Only for services other than Amazon"))
        self._region = self._line("eu-central-1")
        self._profile = self._line("default")
        self._key = self._line(tr("Only where no profile has one"))
        self._secret = self._line("")
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._queue = self._line(tr("SQS, if the bucket sends its events to one"))
        self._anonymous = QCheckBox(tr("It is public: use no keys"))
        self._path_style = QCheckBox(tr("The service wants the bucket in the path"))
        self._requester_pays = QCheckBox(tr("I pay for what is read"))
        self._said = QLabel(
            tr(
                "Keys come from the AWS configuration of this machine, or are kept in its keyring "
                "and nowhere else. Nothing is ever written to the bucket."
            )
        )
        self._said.setObjectName("quiet")
        self._said.setWordWrap(True)
        self._said.setMinimumHeight(6 * UNIT)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._go = QPushButton(tr("Try and add"))
        self._go.setDefault(True)
        self._go.setEnabled(False)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        self._go.clicked.connect(self._try)
        self._url.textChanged.connect(lambda text: self._go.setEnabled(bool(text.strip())))
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        layout.setVerticalSpacing(UNIT)
        rows = (
            (tr("Address"), self._url),
            (tr("Endpoint"), self._endpoint),
            (tr("Region"), self._region),
            (tr("Profile"), self._profile),
            (tr("Key"), self._key),
            (tr("Secret"), self._secret),
            (tr("Queue"), self._queue),
        )
        for title, field in rows:
            field.setAccessibleName(title)
            layout.addRow(title, field)
        for box in (self._anonymous, self._path_style, self._requester_pays):
            layout.addRow("", box)
        layout.addRow(self._said)
        layout.addRow(buttons)
        self.setMinimumWidth(64 * UNIT)

    def _line(self, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        return field

    def _try(self) -> None:
        url = self._url.text().strip()
        key, secret = self._key.text().strip(), self._secret.text().strip()
        how: dict[str, Any] = {
            "endpoint": self._endpoint.text().strip() or None,
            "region": self._region.text().strip() or None,
            "profile": self._profile.text().strip() or None,
            "anonymous": self._anonymous.isChecked(),
            "path_style": self._path_style.isChecked(),
            "requester_pays": self._requester_pays.isChecked(),
            "queue": self._queue.text().strip() or None,
            "keys": (key, secret) if key and secret else None,
        }
        if "://" not in url:
            url = f"s3://{url}"
        self._go.setEnabled(False)
        self._said.setText(tr("Asking {url} …").format(url=url))
        library = self._library

        def made(collection: Collection) -> None:
            self._added(collection)
            self.accept()

        self._jobs.start(lambda: library.add_bucket(url, **how), made, self._fail)

    def _fail(self, error: Exception) -> None:
        self._go.setEnabled(True)
        self._said.setText(messages.sentence(error))
