"""What a resource is: a read-only collection whose fields say which columns they need and how they are written.

A room's ``api.py`` puts filter, serializer and viewset side by side. The serializer is the published description of one
entry; ``shown`` makes the entry from plain rows, so that a list costs one query and what ``gather`` asks for the page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from . import languages
from .filters import refuse_unknown
from .problems import UnknownParameters

Rows, Names = list[dict], list[str]
ABSENT = object()  # a field that this entry does not show at all


@dataclass(frozen=True)
class Shown:
    """One published field: the columns it is made of, and how it is written."""

    columns: tuple[str, ...]
    write: Callable  # (resource, row) -> value


def plain(column: str) -> Shown:
    return Shown((column,), lambda resource, row: row[column])


def words(name: str) -> Shown:
    """A text that is kept in two columns."""
    return Shown(languages.columns(name), lambda resource, row: resource.speech.column(row, name))


def label(column: str, choices) -> Shown:
    """The words for a code."""

    def write(resource, row):
        code = row[column]
        return resource.speech.write(lambda: choices(code).label if code in choices.values else code)

    return Shown((column,), write)


def page(name: str, column: str) -> Shown:
    """The address of the page that shows the same to people."""

    def write(resource, row):
        return resource.speech.write(lambda: settings.BASE_URL + reverse(name, args=[row[column]]))

    return Shown((column,), write)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "required": list(languages.CODES),
                "additionalProperties": False,
                "properties": {code: {"type": "string"} for code in languages.CODES},
            },
        ],
    }
)
class Words(serializers.Field):
    """A text in the language asked for; with ``?lang=all`` an object with both."""

    def to_representation(self, value):
        return value


class Spoken:
    """The language of the answer is the caller's, also in errors."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        with translation.override(settings.LANGUAGE_CODE):
            response = super().dispatch(request, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language()
            if hasattr(response, "render"):
                response.render()  # while the language still holds
        return response

    def initial(self, request, *args, **kwargs):
        translation.activate(languages.accepted(request))
        self.speech = languages.Speech.of(request)
        translation.activate(self.speech.code)
        super().initial(request, *args, **kwargs)


class Resource(Spoken, viewsets.GenericViewSet):
    """A collection that may be read. A subclass names everything it shows, field by field."""

    shown: dict[str, Shown] = {}
    orderings: dict[str, tuple[str, ...]] = {}  # the first one is the order where none is asked for
    public_page = ""  # name of the page that shows the same
    purpose = ""  # one line for people
    wanted: Names = ()  # the fields of this answer

    def gather(self, rows: Rows) -> None:
        """Fetch what the rows of one page need beside their own columns: once for all of them."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self)
        self.wanted = self._wanted(request)

    def list(self, request, *args, **kwargs) -> Response:
        queryset = self.filter_queryset(self.get_queryset())
        rows = self.paginate_queryset(queryset.values(*self._columns(queryset)))
        return self.get_paginated_response(self.entries(rows))

    def retrieve(self, request, *args, **kwargs) -> Response:
        queryset = self.filter_queryset(self.get_queryset())
        row = (
            queryset.filter(**{self.lookup_field: kwargs[self.lookup_url_kwarg]})
            .values(*self._columns(queryset))
            .first()
        )
        if row is None:
            raise NotFound
        return Response(self.entries([row])[0])

    def sample(self, speech: languages.Speech, fields: tuple[str, ...]) -> Rows:
        """Return the first entry as a caller with a key would get it, for the documentation."""
        self.speech, self.wanted = speech, fields
        queryset = self.get_queryset().order_by(*next(iter(self.orderings.values())))
        return self.entries(list(queryset.values(*self._columns(queryset))[:1]))

    def entries(self, rows: Rows) -> Rows:
        """Return the rows as they are published."""
        self.gather(rows)
        return [self._entry(row) for row in rows]

    def _entry(self, row: dict) -> dict:
        written = ((name, self.shown[name].write(self, row)) for name in self.wanted)
        return {name: value for name, value in written if value is not ABSENT}

    def _wanted(self, request) -> Names:
        """Return the names of the fields to show, in the order of the resource."""
        asked = {name.strip() for name in request.query_params.get("fields", "").split(",") if name.strip()}
        if unknown := sorted(asked - set(self.shown)):
            raise UnknownParameters([f"fields: {name[:60]}" for name in unknown], self.shown)
        return [name for name in self.shown if not asked or name in asked]

    def _columns(self, queryset) -> Names:
        """Return what to select: the key, the order, and the columns of the fields asked for."""
        order = [name.lstrip("-") for name in queryset.query.order_by]
        return list(
            dict.fromkeys(["pk", *order, *(column for name in self.wanted for column in self.shown[name].columns)])
        )


class Nowhere(Spoken, APIView):
    """Every address under the API that is none: the answer is a problem, not a page."""

    authentication_classes = permission_classes = throttle_classes = ()
    schema = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise NotFound
