"""Countries and regions by their three letters (ISO 3166), named in the reader's language."""

from functools import lru_cache

import pycountry
from babel import Locale
from django.utils.translation import get_language

from .names import syllables

CHINA = "CHN"
REGIONS_OF_CHINA = {
    "HKG": {"en": "Hong Kong, China", "zh": "中国香港"},
    "MAC": {"en": "Macao, China", "zh": "中国澳门"},
    "TWN": {"en": "Taiwan, China", "zh": "中国台湾"},
}
LOCALES = {"en": Locale("en"), "zh": Locale("zh", script="Hans")}


def reading() -> str:
    """Return ``en`` or ``zh``, after the language that is active."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


@lru_cache
def names(language: str) -> dict[str, str]:
    """Return every country and region, code to name, in the order in which a reader of the language looks for it."""
    territories = LOCALES[language].territories
    found = {
        country.alpha_3: REGIONS_OF_CHINA[country.alpha_3][language]
        if country.alpha_3 in REGIONS_OF_CHINA
        else territories.get(country.alpha_2, country.name)
        for country in pycountry.countries
    }
    order = (lambda name: "".join(syllables(name))) if language == "zh" else str.casefold
    return dict(sorted(found.items(), key=lambda item: order(item[1])))


def name_of(code: str) -> str:
    """Return a country's name in the active language; a code that is not in the standard speaks for itself."""
    return names(reading()).get(code, code)


def places() -> list[tuple[str, str]]:
    """Return the places one can come back from: everything but mainland China."""
    return list(_without(reading(), CHINA))


def nationalities() -> list[tuple[str, str]]:
    """Return the nationalities: everything but the regions of China, which have none of their own."""
    return list(_without(reading(), *REGIONS_OF_CHINA))


@lru_cache
def _without(language: str, *left_out: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, name) for code, name in names(language).items() if code not in left_out)
