"""The nationalities a person may hold, named by Babel in the language of the page."""

import pycountry
from babel import Locale
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale

from park.rules.vocabulary import Choice

# Places that are parts of China have no nationality of their own.
_PARTS_OF_CHINA = {"HKG", "MAC", "TWN"}


def _name(alpha_2: str, fallback: str) -> str:
    locale = Locale.parse(to_locale(get_language() or "en"))
    return locale.territories.get(alpha_2, fallback)


_name_lazy = lazy(_name, str)

COUNTRIES = tuple(
    Choice(country.alpha_3, _name_lazy(country.alpha_2, country.name))
    for country in sorted(pycountry.countries, key=lambda country: country.alpha_3)
    if country.alpha_3 not in _PARTS_OF_CHINA
)
