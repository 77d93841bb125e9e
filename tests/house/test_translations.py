"""Every translation keeps the placeholders of its source."""

import ast
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


def sources() -> dict[tuple[str, str], bool]:
    """Return every string of the window with its comment, and whether it counts something."""
    found: dict[tuple[str, str], bool] = {}
    for module in (ROOT / "app" / "bowerbird" / "gui").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "tr" and node.args and isinstance(node.args[0], ast.Constant):
                words = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
                key = str(words[0]), str(words[1]) if len(words) > 1 else ""
                found[key] = found.get(key, False) or len(node.args) > 2
    return found


@pytest.mark.parametrize(("language", "forms"), [("de", 2), ("zh_CN", 1)])
def test_languages_are_complete(language: str, forms: int) -> None:
    text = (ROOT / "i18n" / f"bowerbird_{language}.ts").read_text("utf-8")
    known: dict[tuple[str, str], list[str]] = {}
    for message in ElementTree.fromstring(text).iter("message"):
        translation = message.find("translation")
        assert translation is not None
        counted = [form.text or "" for form in translation.iter("numerusform")]
        key = message.findtext("source") or "", message.findtext("comment") or ""
        known[key] = counted or [translation.text or ""]
    wanted = sources()
    assert sorted(wanted.keys() - known.keys()) == [], "not translated"
    assert sorted(known.keys() - wanted.keys()) == [], "not used any more"
    for key, counts in wanted.items():
        assert len(known[key]) == (forms if counts else 1), key
        assert all(known[key]), key


def test_a_wrong_placeholder_is_found() -> None:
    broken = """<TS><context><message><source>{count} of {total}</source>
        <translation>{count} von {gesamt}</translation></message>
        <message><source>{name} is gone</source><translation>{name} ist weg</translation></message>
        <message numerus="yes"><source>%n pictures</source><translation>
        <numerusform>ein Bild</numerusform><numerusform>%n Bilder</numerusform>
        </translation></message></context></TS>"""
    assert problems(broken) == ["{count} of {total}"]
