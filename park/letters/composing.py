"""From a text with blanks to the finished letter: blocks of plain data, the same for the page and for the PDF.

The text is written in paragraphs parted by empty lines. ``## `` begins a heading, ``1. `` and ``- `` the entries of a
list, ``**words**`` stand out, ``{blank}`` is filled. A paragraph or entry whose blank is empty is left out, and so is a
heading under which nothing is left. What is filled in is never read as text of this kind: it comes out as it was typed.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from .kinds import LetterKind, Place

BLANK = re.compile(r"\{(\w*)\}")
BOLD = re.compile(r"\*\*(.+?)\*\*")
ENTRY = re.compile(r"^(?:(?P<number>\d+)\.|-)\s+(?P<text>.+)$")


def blanks_of(text: str) -> list[str]:
    return BLANK.findall(text)


def faults(kind: LetterKind, title: str, body: str) -> list[str]:
    """Return what is wrong with a text, in sentences."""
    found, used = [], [*blanks_of(title), *blanks_of(body)]
    for name in sorted(set(used) - kind.blanks.keys()):
        known = ", ".join(f"{{{each}}}" for each in kind.blanks)
        found.append(_("There is no blank {%(name)s}. This letter knows %(known)s.") % {"name": name, "known": known})
    for name in kind.required:
        if name not in used:
            found.append(_("The letter has to use the blank {%(name)s}.") % {"name": name})
    without = BLANK.sub("", f"{title}\n{body}")
    if "{" in without or "}" in without:
        found.append(_("A brace is left open. Write each blank as {name}."))
    if "\n" in title.strip() or not title.strip():
        found.append(_("The title is one line."))
    if not body.strip():
        found.append(_("The letter has no text."))
    for line in body.splitlines():
        found += _misplaced(kind, line)
    return found


def _misplaced(kind: LetterKind, line: str) -> Iterable[str]:
    for name in blanks_of(line):
        place = kind.blanks.get(name)
        if place is Place.TABLE and line.strip() != f"{{{name}}}":
            yield _("{%(name)s} is a table: it stands on a line of its own.") % {"name": name}
        if place is Place.LIST and not ENTRY.match(line.strip()) and line.strip() != f"{{{name}}}":
            yield _("{%(name)s} holds several lines: it stands on a line of its own, or as an entry of a list.") % {
                "name": name
            }


def compose(title: str, body: str, words: dict) -> dict:
    """Return the title and the blocks of a letter: ``{"title": str, "blocks": [...]}``.

    A block is ``{"type": "p" | "h" | "ul" | "ol" | "table", …}``; running text is a list of ``[text, stands_out]``.
    """
    blocks = []
    for paragraph in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        blocks += _blocks([line.strip() for line in paragraph.splitlines() if line.strip()], words)
    return {"title": "".join(text for text, _bold in _runs(title, words)), "blocks": _without_bare_headings(blocks)}


def _blocks(lines: list[str], words: dict) -> Iterable[dict]:
    running: list[str] = []
    for line in lines:
        entry = ENTRY.match(line)
        table = words.get(line[1:-1]) if BLANK.fullmatch(line) else None  # or a list, as paragraphs
        if not (line.startswith("## ") or entry or isinstance(table, dict | list)):
            running.append(line)
            continue
        yield from _paragraph(running, words)
        running = []
        if line.startswith("## "):
            yield {"type": "h", "runs": _runs(line[3:], words)}
        elif entry:
            items = [runs for each in _entries(entry["text"], words) if (runs := _runs(*each))]
            yield {"type": "ol" if entry["number"] else "ul", "items": items}
        elif isinstance(table, list):
            yield from ({"type": "p", "runs": [[str(each), False]]} for each in table)
        elif table.get("rows"):
            rows = [[str(cell) for cell in row] for row in table["rows"]]
            yield {"type": "table", "head": [str(cell) for cell in table["head"]], "rows": rows}
    yield from _paragraph(running, words)


def _paragraph(lines: list[str], words: dict) -> Iterable[dict]:
    text = " ".join(lines)
    if text and _is_filled(text, words):
        yield {"type": "p", "runs": _runs(text, words)}


def _is_filled(text: str, words: dict) -> bool:
    return all(words.get(name) for name in blanks_of(text))


def _entries(text: str, words: dict) -> Iterable[tuple[str, dict]]:
    """Return the entries that one line of a list stands for: one for each line of a blank that holds several."""
    if not _is_filled(text, words):
        return
    name = next((each for each in blanks_of(text) if isinstance(words.get(each), list)), None)
    if name is None:
        yield text, words
    else:
        yield from ((text, words | {name: line}) for line in words[name])


def _runs(text: str, words: dict) -> list[list]:
    """Return running text as [words, stands out]; the marks are read before the blanks are filled."""
    runs, last = [], 0
    for bold in BOLD.finditer(text):
        runs += [(text[last : bold.start()], False), (bold[1], True)]
        last = bold.end()
    runs.append((text[last:], False))
    filled = [[BLANK.sub(lambda blank: str(words.get(blank[1], "")), part), stands_out] for part, stands_out in runs]
    return [run for run in filled if run[0]]


def _without_bare_headings(blocks: list[dict]) -> list[dict]:
    """Join the entries of one list, and leave out lists without entries and headings without anything under them."""
    joined: list[dict] = []
    for block in blocks:
        if block.get("items") == []:
            continue
        if "items" in block and joined and joined[-1]["type"] == block["type"]:
            joined[-1]["items"] += block["items"]
        else:
            joined.append(block)
    return [
        block
        for place, block in enumerate(joined)
        if block["type"] != "h" or (place + 1 < len(joined) and joined[place + 1]["type"] != "h")
    ]
