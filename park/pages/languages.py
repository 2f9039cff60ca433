"""Which page is this one in the other language?"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def language_tag(code: str) -> str:
    """Write a language as HTML wants it: zh-Hans, not zh-hans."""
    first, _dash, script = code.partition("-")
    return f"{first}-{script.title()}" if script else first


def prefix_of(code: str) -> str:
    return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


def address_in(request: HttpRequest, code: str) -> str:
    """Return the address of this very page in a language, query kept.

    A page that the address book does not know (a mistyped one) still gets its counterpart, by the prefix alone.
    """
    if name := getattr(request, "language_parameter", ""):  # a page with one address for all languages
        query = request.GET.copy()
        query[name] = code
        return f"{request.path}?{query.urlencode()}"
    here = request.get_full_path()
    there = translate_url(here, code)
    if there != here or request.resolver_match:
        return there
    foreign = next((f"/{other}/" for other, _ in settings.LANGUAGES if here.startswith(f"/{other}/")), "/")
    return prefix_of(code) + here.removeprefix(foreign)
