"""A language whose words are 40 % longer than the English ones, as German may be: for tests of layouts."""

from __future__ import annotations

import re

from PySide6.QtCore import QTranslator

MORE = 0.4  # of the letters of each word
_WORD = re.compile(r"(?<![\w{<&+])&?[A-Za-z]{3,}(?![\w}>+;])")


def longer(text: str) -> str:
    """The text with longer words; what is filled in, keys ("Ctrl+B") and marks stay as they are."""
    return _WORD.sub(lambda found: found.group() + ("en" * 20)[: round(MORE * len(found.group()))], text)


class LongerLanguage(QTranslator):
    """To be installed before the first widget is made."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """What Qt asks for every text."""
        del context, disambiguation, n
        return longer(source)

    def isEmpty(self) -> bool:
        """Otherwise Qt takes it for one without a file."""
        return False
