"""What partners read before they call: the documentation page, and the description for machines."""

import datetime as dt
from functools import lru_cache

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from park.accounts.doors import open_to_all

from . import languages, limits, pages, problems
from .scopes import Scope

OPENED_ON = dt.date(2026, 11, 22)
# Named in the contract and not built yet; the page says so, and takes a name off by itself when it is there.
PLANNED = ("opportunities", "capabilities", "events", "numbers", "webhooks")
SAMPLE = ("policies", ("slug", "title", "status", "closes_at", "amount_max", "page"))


@open_to_all("The documentation of the partner API is public.")
@require_safe
def documentation(request: HttpRequest, router) -> HttpResponse:
    """Return the documentation in the language asked for; what it lists is read from the resources themselves."""
    asked = request.GET.get("lang", "")
    code = asked if asked in languages.CODES else languages.accepted(request)
    request.language_parameter = "lang"
    with translation.override(code):
        response = render(request, "api/documentation.html", _contents(request, router))
        response.headers["Content-Language"] = code
    return response


def _contents(request: HttpRequest, router) -> dict:
    resources = {prefix: viewset for prefix, viewset, _basename in router.registry}
    name, fields = SAMPLE
    sample = resources[name]().sample(languages.Speech(translation.get_language()), fields)
    answer = {"next": None, "previous": None, "results": sample}
    address = settings.BASE_URL + reverse("api:policies-list")
    return {
        "resources": [_resource(prefix, viewset) for prefix, viewset in resources.items()],
        "planned": [name for name in PLANNED if name not in resources],
        "sample_call": f'curl "{address}?status=open&page_size=1&fields={",".join(fields)}" \\\n'
        f'  -H "Authorization: Bearer $KEY" \\\n  -H "Accept-Language: {translation.get_language()}"',
        "sample_answer": _pretty(answer),
        "problem": _pretty(
            problems.describe(
                400,
                _("Put right: %(names)s.") % {"names": "stat"},
                {
                    "stat": [
                        _("This parameter is not known. Known are: %(known)s.") % {"known": "kind, lang, status, …"}
                    ],
                },
            )
        ),
        "problems": [
            {"status": status, "code": code, "title": str(title)} for status, (code, title) in problems.KINDS.items()
        ],
        "largest_page": pages.LARGEST,
        "calls_a_minute": limits.KeyRateThrottle().num_requests,
        "opened_on": OPENED_ON,
        "schema_url": reverse("api:schema"),
        "crumbs": [(_("Home"), reverse("desk:home")), (_("API"), "")],
    }


def _resource(prefix: str, viewset) -> dict:
    """Return what the page says of a resource."""
    filterset = getattr(viewset, "filterset_class", None)
    try:
        public = reverse(viewset.public_page) if viewset.public_page else ""
    except NoReverseMatch:
        public = ""
    return {
        "name": prefix,
        "path": f"/api/v1/{prefix}/",
        "one": f"/api/v1/{prefix}/{{{viewset.lookup_url_kwarg}}}/",
        "purpose": viewset.purpose,
        "scopes": [{"code": str(scope), "label": Scope(scope).label} for scope in viewset.required_scopes],
        "fields": list(viewset.shown),
        "filters": list(filterset.base_filters) if filterset else [],
        "orderings": list(viewset.orderings),
        "public": public,
    }


def _pretty(data) -> str:
    return orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2).decode()


@open_to_all("The description of the partner API is public.")
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Return the description of the API (OpenAPI 3.1)."""
    return HttpResponse(_described(), content_type="application/json")


@lru_cache
def _described() -> bytes:
    """Describe the API once a process: it changes with the code only."""
    with translation.override(settings.LANGUAGE_CODE):
        return orjson.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
