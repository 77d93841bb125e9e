"""Every translation keeps the placeholders of its source."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"\{\w*\}|%n|%L?\d+")


def problems(text: str) -> list[str]:
    """Return the sources whose translation has other placeholders."""
    found = []
    for message in ElementTree.fromstring(text).iter("message"):
        source = message.findtext("source") or ""
        translation = message.find("translation")
        if translation is None or translation.get("type") in ("unfinished", "vanished"):
            continue
        forms = [form.text or "" for form in translation.iter("numerusform")]
        for form in forms or [translation.text or ""]:
            if set(PLACEHOLDER.findall(form)) - {"%n"} != set(PLACEHOLDER.findall(source)) - {"%n"}:
                found.append(source)
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "i18n").glob("*.ts")), ids=lambda path: path.name)
def test_placeholders_agree(path: Path) -> None:
    assert problems(path.read_text("utf-8")) == []


def test_a_wrong_placeholder_is_found() -> None:
    broken = """<TS><context><message><source>{count} of {total}</source>
        <translation>{count} von {gesamt}</translation></message>
        <message><source>{name} is gone</source><translation>{name} ist weg</translation></message>
        <message numerus="yes"><source>%n pictures</source><translation>
        <numerusform>ein Bild</numerusform><numerusform>%n Bilder</numerusform>
        </translation></message></context></TS>"""
    assert problems(broken) == ["{count} of {total}"]
