"""Two versions of a policy side by side: words that changed are marked, conditions are new, gone or changed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from park.pages.differences import ADDED, CHANGED, REMOVED, SAME, TONES, WHAT, Marked, marked
from park.pages.wording import local_date

from .cards import conditions
from .models import PolicyVersion


@dataclass(frozen=True)
class Row:
    """One entry of both versions, in pieces that say whether they stand only on this side."""

    label: str
    what: str
    before: Marked
    after: Marked

    @property
    def words(self) -> str:
        return str(WHAT[self.what])

    @property
    def tone(self) -> str:
        return TONES[self.what]


def row(label: str, before: str, after: str) -> Row:
    if before == after:
        return Row(label, SAME, [(before, False)], [(after, False)])
    what = ADDED if not before else REMOVED if not after else CHANGED
    return Row(label, what, *marked(before, after))


def words_of(version: PolicyVersion) -> dict[str, str]:
    """Return everything a version says but for its conditions, by the label of the part."""
    return {
        _("title (English)"): version.title_en or "",
        _("title (Chinese)"): version.title_zh_hans or "",
        _("summary (English)"): version.summary_en or "",
        _("summary (Chinese)"): version.summary_zh_hans or "",
        _("benefits"): _lines(version.benefits),
        _("documents"): _lines(version.documents),
        _("steps"): _lines(version.steps),
        _("whom to ask"): version.contact_zh_hans or version.contact_en or "",
        _("in force from"): local_date(version.valid_from) if version.valid_from else "",
        _("in force until"): local_date(version.valid_until) if version.valid_until else "",
        _("closes"): local_date(version.deadline, "moment") if version.deadline else "",
        _("notes on what is a guess"): version.notes_zh_hans or version.notes_en or "",
    }


def _lines(entries: list[dict]) -> str:
    return "\n".join(" · ".join(each[name] for name in ("en", "zh") if each.get(name)) for each in entries)


def words(old: PolicyVersion, new: PolicyVersion) -> list[Row]:
    before, after = words_of(old), words_of(new)
    return [row(label, before[label], after[label]) for label in after if before[label] or after[label]]


def rules(old: PolicyVersion, new: PolicyVersion) -> list[Row]:
    """Return every condition of both versions; one that asks for the same facts with other values is changed."""
    before, after = conditions(old), conditions(new)
    left = {id(each): each for each in before}
    pairs = []
    for rule in (lambda one, other: one["rule"] == other["rule"], lambda one, other: one["keys"] == other["keys"]):
        for each in after:
            if any(each is done for _old, done in pairs):
                continue
            twin = next((other for other in left.values() if rule(other, each)), None)
            if twin is not None:
                pairs.append((left.pop(id(twin)), each))
    twins = {id(new_one): old_one for old_one, new_one in pairs}
    rows = [row("", twins[id(each)]["rule"] if id(each) in twins else "", each["rule"]) for each in after]
    return rows + [row("", each["rule"], "") for each in left.values()]


def tally(rows: list[Row]) -> dict[str, int]:
    return {what: sum(each.what == what for each in rows) for what in (ADDED, REMOVED, CHANGED)}
