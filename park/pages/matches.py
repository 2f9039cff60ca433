"""A match in words: how many conditions are met, what stands against it. Its contract is in components/README.md."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

STATES = ("not_met", "unknown", "met")
VERDICTS = {
    "fits": {"label": gettext_lazy("Fits"), "tone": "met", "icon": "check", "title": gettext_lazy("This fits you")},
    "may_fit": {
        "label": gettext_lazy("May fit"),
        "tone": "ask",
        "icon": "ask",
        "title": gettext_lazy("This may fit you"),
    },
    "not_now": {
        "label": gettext_lazy("Does not fit now"),
        "tone": "no",
        "icon": "cross",
        "title": gettext_lazy("This does not fit you now"),
    },
}
SOURCES = {
    "profile": gettext_lazy("from your profile"),
    "register": gettext_lazy("business register"),
    "document": gettext_lazy("from a document on file"),
    "answer": gettext_lazy("from your answer"),
    "park_record": gettext_lazy("park record"),
    "staff": gettext_lazy("entered by park staff"),
    "self": gettext_lazy("as you told us"),
}


def get(thing, name, default=""):
    """Read ``name`` of a dict or of an object."""
    value = thing.get(name, default) if isinstance(thing, dict) else getattr(thing, name, default)
    return default if value is None else value


def counts(criteria) -> dict[str, int]:
    """Count the criteria by state, every state named."""
    states = [str(get(criterion, "state")) for criterion in criteria]
    return {state: states.count(state) for state in STATES}


def sentence(criteria) -> str:
    """Say the three numbers: "You meet 5 of 7 conditions. Not met: 1. Not known yet: 1."."""
    number = counts(criteria)
    total = sum(number.values())
    if not total:
        return _("There are no conditions to check.")
    match total, bool(number["not_met"]), bool(number["unknown"]):
        case 1, False, False:
            said = _("You meet the only condition.")
        case 1, True, False:
            said = _("You do not meet the only condition.")
        case 1, False, True:
            said = _("The only condition is not known yet.")
        case _, False, False:
            said = _("You meet all %(total)s conditions.")
        case _, True, False:
            said = _("You meet %(met)s of %(total)s conditions. Not met: %(not_met)s.")
        case _, False, True:
            said = _("You meet %(met)s of %(total)s conditions. Not known yet: %(unknown)s.")
        case _:
            said = _("You meet %(met)s of %(total)s conditions. Not met: %(not_met)s. Not known yet: %(unknown)s.")
    return said % {"total": total, **number}


def words(met: int, not_met: int, unknown: int) -> str:
    """Say the three numbers as a picture's text: "5 met, 1 not met, 1 not known"."""
    return _("%(met)s met, %(not_met)s not met, %(unknown)s not known") % {
        "met": met,
        "not_met": not_met,
        "unknown": unknown,
    }


def source_words(source) -> str:
    return str(SOURCES.get(str(source), source))
