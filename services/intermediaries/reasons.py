"""The reasons of a match in the reader's language. Kept as codes, so that one record speaks to everybody."""

import datetime as dt

from babel.lists import format_list
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from incubation.journey.stages import Stage
from park.pages.wording import BABEL_LOCALES, language, local_date, plain_number
from talents.profiles.sectors import Sector

from . import licences, needs
from .kinds import Language

__all__ = ["against", "criterion", "for_it", "reply_time"]


def criterion(reason: dict, to_institution: bool = False) -> dict:
    """Return a reason as ``criterion.html`` takes it: what is asked, and what is so. Each side reads it as its own."""
    rule, evidence = _words(reason)
    if to_institution:
        rule, evidence = _to_institution(reason, rule, evidence)
    return {"state": "met" if reason["met"] else "not_met", "rule": rule, "evidence": evidence}


def against(reasons: list[dict]) -> list[str]:
    """Return the sentences that say why an institution was left out, all of them."""
    return [_words(reason)[1] for reason in reasons if not reason["met"]]


def for_it(reasons: list[dict], to_institution: bool = False) -> list[dict]:
    """Return what speaks for an institution, as the tenant reads it or as the institution itself does."""
    return [criterion(reason, to_institution) for reason in reasons if reason["met"]]


def reply_time(took: dt.timedelta | None) -> str:
    """Write how long a first reply takes: minutes, hours, or days."""
    if took is None:
        return _("not measured yet")
    minutes = max(1, round(took.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 36 * 60:
        hours = round(minutes / 60)
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = round(minutes / 60 / 24)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def listed(words: list[str]) -> str:
    return format_list([str(word) for word in words], style="standard", locale=BABEL_LOCALES[language()])


def _in_own_words(texts: dict[str, str]) -> str:
    return texts.get(get_language() or "en") or next((text for text in texts.values() if text), "")


def _day(text: str) -> str:
    return local_date(dt.date.fromisoformat(text))


def _label(choices, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def _words(reason: dict) -> tuple[str, str]:
    """Return the condition and what is so, one sentence each."""
    match reason["code"]:
        case "offer":
            name = _in_own_words(reason["name"])
            if not reason.get("working_days"):
                return _("Offers what you need"), name
            days = reason["working_days"]
            said = ngettext("%(name)s, in %(days)s working day", "%(name)s, in %(days)s working days", days)
            return _("Offers what you need"), said % {"name": name, "days": days}
        case "not_offered":
            return _("Offers what you need"), _("It does not offer this: %(need)s.") % {
                "need": needs.label(reason["need"])
            }
        case "licence":
            licence = licences.label(reason["licence"])
            if not reason["until"]:
                return _("Holds the licence"), _("%(licence)s, without an end date") % {"licence": licence}
            until = {"licence": licence, "day": _day(reason["until"])}
            return _("Holds the licence"), _("%(licence)s, valid until %(day)s") % until
        case "licence_lapsed":
            ended = {"licence": licences.label(reason["licence"]), "day": _day(reason["ended"])}
            return _("Holds the licence"), _("Its licence ended on %(day)s: %(licence)s.") % ended
        case "no_licence":
            said = _("It holds no %(licence)s, which the law asks for.")
            return _("Holds the licence"), said % {"licence": licences.label(reason["licence"])}
        case "stage":
            return _("Takes companies in your stage"), _stages(reason)
        case "field":
            return _("Works in your field"), _field(reason)
        case "language":
            asked = reason.get("asked", True)
            return _("Works in the language you asked for") if asked else _("Works in your language"), _languages(
                reason
            )
        case "room":
            return _("Has room this month"), _room(reason)
        case "conflict":
            said = _("%(institution)s, of the same group, already works for you in a role that excludes this one.")
            return _("Is independent"), said % {"institution": _in_own_words(reason["with"])}
        case "reply":
            took = {
                "time": reply_time(dt.timedelta(minutes=reason["minutes"])),
                "replies": plain_number(reason["replies"]),
            }
            said = ngettext("%(time)s, from %(replies)s reply", "%(time)s, from %(replies)s replies", reason["replies"])
            return _("First reply, measured"), said % took
        case "key_partner":
            return _("Key partner of the park"), _("Named by the park on its record")
    return reason["code"], ""


def _stages(reason: dict) -> str:
    if reason["met"]:
        return _("You are in: %(stage)s") % {"stage": _label(Stage, reason["stage"])}
    takes = listed([_label(Stage, stage) for stage in reason["takes"]])
    words = {"takes": takes, "stage": _label(Stage, reason["stage"])}
    return _("It takes companies in other stages: %(takes)s. You are in: %(stage)s.") % words


def _field(reason: dict) -> str:
    sector = _label(Sector, reason["sector"])
    if not reason["takes"]:
        return _("It works in every field")
    if reason["met"]:
        return _("One of its own fields: %(sector)s") % {"sector": sector}
    takes = listed([_label(Sector, each) for each in reason["takes"]])
    return _("It works in other fields: %(takes)s. Yours is: %(sector)s.") % {"takes": takes, "sector": sector}


def _languages(reason: dict) -> str:
    works_in = listed([_label(Language, each) for each in reason["works_in"]])
    if reason["met"]:
        return _("It works in: %(languages)s") % {"languages": works_in}
    words = {"languages": works_in, "asked": _label(Language, reason["language"])}
    return _("It works in: %(languages)s. You asked for: %(asked)s.") % words


def _room(reason: dict) -> str:
    words = {"taken": plain_number(reason["taken"]), "of": plain_number(reason["of"])}
    if reason["met"]:
        return _("%(taken)s of %(of)s cases taken this month") % words
    return _("It has taken all the cases it can this month: %(taken)s of %(of)s.") % words


TO_INSTITUTION = {
    "offer": gettext_lazy("You offer what is needed"),
    "licence": gettext_lazy("You hold the licence"),
    "stage": gettext_lazy("You take companies in this stage"),
    "field": gettext_lazy("You work in this field"),
    "language": gettext_lazy("You work in their language"),
    "room": gettext_lazy("You have room this month"),
    "reply": gettext_lazy("Your first reply, measured"),
    "key_partner": gettext_lazy("You are a key partner of the park"),
}


def _to_institution(reason: dict, rule: str, evidence: str) -> tuple[str, str]:
    """Turn a reason round: the one who reads it is the one of whom it speaks."""
    match reason["code"]:
        case "stage":
            evidence = _("They are in: %(stage)s") % {"stage": _label(Stage, reason["stage"])}
        case "field":
            evidence = _("Theirs is: %(sector)s") % {"sector": _label(Sector, reason["sector"])}
        case "language":
            evidence = _label(Language, reason["language"])
    return str(TO_INSTITUTION.get(reason["code"], rule)), evidence
