"""The Markdown of a lesson as HTML: paragraphs, lists, emphasis, code. Nothing else is taken as markup."""

from __future__ import annotations

import html
import re

_STRONG = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](\S(?:[^*_]*?\S)?)[*_](?![\w*])")
_CODE = re.compile(r"`([^`]+)`")
_ITEM = re.compile(r"^[-*] +|^\d+[.)] +")


def to_html(text: str) -> str:
    """The text as HTML without a page around it: every other sign stands for itself."""
    return "\n".join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    if not _ITEM.match(lines[0]):
        return f"<p>{_inline(' '.join(lines))}</p>"
    kind = "ol" if lines[0][0].isdigit() else "ul"
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(_ITEM.sub("", line))
        else:
            items[-1] += f" {line}"
    return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{kind}>"


def _inline(text: str) -> str:
    """One line; what stands in code is left as it is."""
    parts = _CODE.split(html.escape(text, quote=False))
    return "".join(
        f"<code>{part}</code>" if index % 2 else _EMPHASIS.sub(r"<i>\1</i>", _STRONG.sub(r"<b>\1</b>", part))
        for index, part in enumerate(parts)
    )
