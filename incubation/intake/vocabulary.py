"""What a form can ask, and what its rules can ask for: each question as facts, and what is known of the person anyhow.

A question of choices is one fact a choice; repeated entries are known by how many there are; a text is no fact.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from incubation.facts.vocabulary.units import MONTHS
from incubation.journey.stages import Stage
from park.rules.vocabulary import Change, Choice, Fact, Type
from talents.profiles.countries import names, nationalities, places
from talents.profiles.models import Degree, Talent
from talents.profiles.sectors import Sector

TYPES = {
    "text": gettext_lazy("Short text"),
    "long_text": gettext_lazy("Long text"),
    "person_name": gettext_lazy("Name of a person"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Telephone number"),
    "web": gettext_lazy("Web address"),
    "choice": gettext_lazy("Choice of one"),
    "choices": gettext_lazy("Choice of several"),
    "yes_no": gettext_lazy("Yes or no"),
    "country": gettext_lazy("Country or region abroad"),
    "nationality": gettext_lazy("Nationality"),
    "day": gettext_lazy("Day"),
    "month": gettext_lazy("Month"),
    "whole_number": gettext_lazy("Whole number"),
    "decimal": gettext_lazy("Number with decimals"),
    "money": gettext_lazy("Amount of money"),
    "entries": gettext_lazy("Repeated entries"),
}
TEXTS = ("text", "long_text", "person_name", "email", "phone", "web")
LISTS = ("choice", "choices", "yes_no", "country", "nationality")
COUNTED = {"whole_number": Type.INTEGER, "decimal": Type.DECIMAL, "money": Type.MONEY}
LARGEST = 10**9
SOURCES = {  # lists that the park keeps, which a choice may take instead of its own
    "degrees": (gettext_lazy("Degrees"), lambda: Degree.choices),
    "sectors": (gettext_lazy("Fields of the park"), lambda: Sector.choices),
    "stages": (gettext_lazy("The five stages"), lambda: Stage.choices),
}
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]

# Which questions can fill which field of the profile, and be filled from it.
PROFILE = {
    "name": ("text", "person_name"), "name_zh": ("text", "person_name"), "gender": ("choice",), "born_on": ("day",),
    "nationality": ("nationality",), "foreign_chinese": ("yes_no",), "degree": ("choice",),
    "degree_abroad": ("yes_no",), "sector": ("choice",), "specialty": ("text",), "returned_on": ("month", "day"),
    "about": ("long_text", "text"),
}  # fmt: skip
COLUMNS = {"title": ("text",), "sector": ("choice",)}  # of the application itself, for lists and search


def profile_label(name: str) -> str:
    return str(Talent._meta.get_field(name).verbose_name)


def choices_of(field, stages: list[str] | None = None) -> list[tuple[str, str]]:
    """Return what can be chosen, in the active language. ``stages`` are those of the call, where it names some."""
    source = field.data.get("source")
    if source in SOURCES:
        listed = _listed(source, get_language() or "en")
        return [each for each in listed if source != "stages" or not stages or each[0] in stages]
    match field.type:
        case "country":
            return places()
        case "nationality":
            return nationalities()
        case "yes_no":
            return [(value, str(label)) for value, label in YES_NO]
    return field.choices


@lru_cache
def _listed(source: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return a list that the park keeps, in the active language, which is part of what is remembered."""
    return tuple((value, str(label)) for value, label in SOURCES[source][1]())


# --- Questions as facts -----------------------------------------------------------------------------------------------
def facts_of(field) -> list[Fact]:
    """Return the facts that a question gives; of None, what is known of the person without asking."""
    if field is None:
        return list(_person_facts(get_language() or "en"))
    label = field.label.rstrip("?？")
    match field.type:
        case "choice":
            return [_fact(field, Type.CHOICE, label, choices=_closed(choices_of(field)))]
        case "country" | "nationality":
            return [_fact(field, Type.CHOICE, label, choices=_countries(field.type, get_language() or "en"))]
        case "choices":
            return [_chosen(field, value, words) for value, words in choices_of(field)]
        case "yes_no":
            words = {"question": field.label}
            yes, no = _("Yes to “%(question)s”") % words, _("No to “%(question)s”") % words
            return [_fact(field, Type.BOOLEAN, yes, negative=no)]
        case "day" | "month":
            return [_fact(field, Type.DATE, label)]
        case "whole_number" | "decimal" | "money":
            low, high = field.data.get("min", 0), field.data.get("max", LARGEST)
            ends = {"minimum": Decimal(str(low)), "maximum": Decimal(str(high))}
            return [_fact(field, COUNTED[field.type], label, **ends)]
        case "entries":
            ends = {"minimum": Decimal(field.fewest), "maximum": Decimal(field.most)}
            return [_fact(field, Type.INTEGER, _("Number of entries in “%(question)s”") % {"question": label}, **ends)]
    return []


def _fact(field, type_: Type, label: str, **more) -> Fact:
    key = more.pop("key", field.name)
    return Fact(key, type_, label, who=field.name, column=key, **more)


def _chosen(field, value: str, words: str) -> Fact:
    said = {"question": field.label.rstrip("?？"), "choice": words}
    return _fact(
        field, Type.BOOLEAN, _("%(question)s: “%(choice)s” is chosen") % said, key=f"{field.name}.{value}",
        negative=_("%(question)s: “%(choice)s” is not chosen") % said,
    )  # fmt: skip


def _closed(choices) -> tuple[Choice, ...]:
    return tuple(Choice(value, str(label)) for value, label in choices)


@lru_cache
def _countries(kind: str, language: str) -> tuple[Choice, ...]:
    return _closed(nationalities() if kind == "nationality" else places())


@lru_cache
def _person_facts(language: str) -> tuple[Fact, ...]:
    everywhere = _closed(names("zh" if language.startswith("zh") else "en").items())

    def fact(name: str, type_: Type, label: str, **more) -> Fact:
        key = f"person.{name}"
        return Fact(key, type_, label, who="person", column=key, change=Change.NO, **more)

    return (
        fact("nationality", Type.CHOICE, _("Nationality (profile)"), choices=everywhere),
        fact("origin", Type.CHOICE, _("Country or region returned from (profile)"), choices=everywhere),
        fact("degree", Type.CHOICE, _("Highest degree (profile)"), choices=_closed(Degree.choices)),
        fact(
            "degree_abroad", Type.BOOLEAN, _("Degree from abroad (profile)"),
            negative=_("No degree from abroad (profile)"),
        ),
        fact("sector", Type.CHOICE, _("Field (profile)"), choices=_closed(Sector.choices)),
        fact("months_abroad", Type.INTEGER, _("Time abroad (profile)"), unit=MONTHS, minimum=Decimal(0)),
    )  # fmt: skip


def known_of(talent) -> dict[str, object]:
    """Return what the profile knows, by fact."""
    if talent is None:
        return {}
    found = {fact.key: getattr(talent, fact.key.partition(".")[2]) for fact in facts_of(None)}
    return {key: value for key, value in found.items() if value not in (None, "")}


def values_of(field, value) -> dict[str, object]:
    """Return an answer, clean, as facts; what was left open is not known."""
    if value in (None, "") or (value == [] and not field.is_repeated):
        return {}
    found: Mapping[str, object] = {field.name: value}
    match field.type:
        case "yes_no":
            found = {field.name: value == "yes"}
        case "choices":
            found = {f"{field.name}.{each}": each in value for each, _label in choices_of(field)}
        case "entries":
            found = {field.name: len(value)}
        case kind if kind in TEXTS:
            found = {}
    if field.fact and (about := f"person.{field.fact}") in {fact.key for fact in facts_of(None)}:
        found = {**found, about: found.get(field.name)}
    return dict(found)
