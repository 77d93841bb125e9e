"""Words for people: every string of the window goes through `tr`."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from bowerbird import paths


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """Return `text` in the user's language.

    Args:
        text: English; a literal, so that it can be extracted. `%n` stands for the count.
        comment: Tells the translator what it is about.
        n: A count that chooses the plural form.
    """
    return QCoreApplication.translate("", text, comment, n)


def install(application: QCoreApplication) -> None:
    """Load the translations of the system's language, Qt's own and ours, where there are any."""
    locale = QLocale.system()
    qt = QTranslator(application)
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt)
    # English first: its own file knows singular from plural, for what has no translation.
    folder = str(paths.translation(""))
    for language in (QLocale(QLocale.Language.English), locale):
        own = QTranslator(application)
        if own.load(language, "bowerbird", "_", folder):
            application.installTranslator(own)
