"""Two wordings side by side: which entries are new, gone or changed, and which words in them differ."""

import re
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy

ADDED, REMOVED, CHANGED, MOVED, SAME = "added", "removed", "changed", "moved", "same"
WHAT = {
    ADDED: gettext_lazy("New"), REMOVED: gettext_lazy("Taken out"), CHANGED: gettext_lazy("Changed"),
    MOVED: gettext_lazy("Moved"), SAME: gettext_lazy("As before"),
}  # fmt: skip
TONES = {ADDED: "success", REMOVED: "danger", CHANGED: "warning", MOVED: "info", SAME: "default"}
PIECE = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)  # a number, a word, or one Chinese character

Marked = list[tuple[str, bool]]


def marked(before: str, after: str) -> tuple[Marked, Marked]:
    """Return both texts in pieces, each with whether it stands only in that one."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    left: Marked = []
    right: Marked = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i < j:
            left.append(("".join(old[i:j]), what != "equal"))
        if k < m:
            right.append(("".join(new[k:m]), what != "equal"))
    return left, right
