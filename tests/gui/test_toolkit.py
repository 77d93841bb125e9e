"""The toolkit itself keeps its books."""

import sys

from PySide6.QtCore import QObject


def test_calls_do_not_use_up_none() -> None:
    # PySide6 6.12.0 does on Pythons whose None can be counted to its end.
    watched = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        watched.setObjectName("x")
    assert sys.getrefcount(None) > before - 500
