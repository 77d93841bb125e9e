"""What typed words and dropped things mean."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from bowerbird.gui.terms import Shown, folders_in, shown_in


def test_dropped_things(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    assert folders_in(mime) == [tmp_path]
    assert shown_in(mime) is None
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.jpg"))])
    assert folders_in(mime) == []
    assert shown_in(mime) == Shown(image=tmp_path / "a.jpg", name="a.jpg")
    mime.setUrls([QUrl("https://example.org/x/cat.png")])
    assert shown_in(mime) == Shown(image="https://example.org/x/cat.png", name="cat.png")
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "gone.jpg"))])
    assert shown_in(mime) is None
    text = QMimeData()
    text.setText("only words")
    assert shown_in(text) is None
