"""Pages of a list by keyset: "after this row", never "skip so many". Deep pages cost what the first one costs."""

import base64
import binascii

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError as FieldError
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

LARGEST = 100
COUNTED_UP_TO = 1_001


def beyond(queryset: QuerySet, names: tuple[str, ...], values: list, lookup: type) -> QuerySet:
    """Return the rows beyond the given one, by one comparison of rows."""
    if len(names) == 1:
        return queryset.filter(**{f"{names[0]}__{lookup.lookup_name}": values[0]})
    row = Func(*(F(name) for name in names), function="ROW", output_field=BooleanField())
    bound = Func(*(Value(value) for value in values), function="ROW", output_field=BooleanField())
    return queryset.filter(lookup(row, bound))


class KeysetPagination(BasePagination):
    """``cursor``, ``page_size`` and, where asked for, a ``total`` that stops counting at 1,001."""

    def paginate_queryset(self, queryset, request, view=None) -> list[dict]:
        self.request = request
        self.size = self._size(request)
        order = tuple(queryset.query.order_by)
        names = tuple(name.lstrip("-") for name in order)
        falling = order[0].startswith("-")
        if any(name.startswith("-") != falling for name in order):
            raise TypeError(f"The order {order} of {view} goes both ways; a row comparison cannot follow it.")
        back, values = self._read(request, queryset, names)
        self.total = queryset.order_by()[:COUNTED_UP_TO].count() if request.query_params.get("total") == "1" else None
        if values:
            lookup = LessThan if falling != back else GreaterThan
            queryset = beyond(queryset, names, values, lookup)
        if back:
            queryset = queryset.reverse()
        rows = list(queryset[: self.size + 1])
        more, rows = len(rows) > self.size, rows[: self.size]
        if back:
            rows.reverse()
        self.next = self._link(names, rows[-1:], False) if more or back else None
        self.previous = self._link(names, rows[:1], True) if (more if back else values) else None
        return rows

    def get_paginated_response(self, data) -> Response:
        answer = {"next": self.next, "previous": self.previous, "results": data}
        return Response(answer if self.total is None else answer | {"total": self.total})

    def _size(self, request) -> int:
        asked = request.query_params.get("page_size", "")
        size = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
        if asked and not 1 <= size <= LARGEST:
            raise ValidationError({"page_size": [_("Choose a number from 1 to %(most)s.") % {"most": LARGEST}]})
        if request.query_params.get("total", "0") not in {"0", "1"}:
            raise ValidationError({"total": [_("Choose one of: %(choices)s.") % {"choices": "0, 1"}]})
        return size or settings.REST_FRAMEWORK["PAGE_SIZE"]

    def _link(self, names: tuple[str, ...], rows: list[dict], back: bool) -> str | None:
        if not rows:
            return None
        ordering = self.request.query_params.get("ordering", "")
        token = orjson.dumps([ordering, back, *(rows[0][name] for name in names)], default=str)
        cursor = base64.urlsafe_b64encode(token).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def _read(self, request, queryset, names: tuple[str, ...]) -> tuple[bool, list]:
        """Return the direction and the bound of the cursor asked for; refuse one that we cannot have written."""
        cursor = request.query_params.get("cursor", "")
        if not cursor:
            return False, []
        try:
            ordering, back, *values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if ordering != request.query_params.get("ordering", "") or not isinstance(back, bool):
                raise ValueError
            if any("\0" in value for value in values if isinstance(value, str)) or None in values:
                raise ValueError
            fields = [field_of(queryset.model, name) for name in names]
            return back, [field.to_python(value) for field, value in zip(fields, values, strict=True)]
        except (ValueError, TypeError, binascii.Error, orjson.JSONDecodeError, FieldError):
            sentence = _("This cursor does not belong to this list. Start again without it.")
            raise ValidationError({"cursor": [sentence]}) from None

    def get_schema_operation_parameters(self, view) -> list[dict]:
        def parameter(name, description, schema):
            return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}

        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": settings.REST_FRAMEWORK["PAGE_SIZE"]}
        return [
            parameter("cursor", "Where the page begins. Take it from `next` or `previous`.", {"type": "string"}),
            parameter("page_size", "Rows a page.", size),
            parameter(
                "total", f"1 adds `total`, counted up to {COUNTED_UP_TO:,}.", {"type": "integer", "enum": [0, 1]}
            ),
        ]

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "additionalProperties": False,
            "properties": {
                "next": link,
                "previous": link,
                "results": schema,
                "total": {"type": "integer", "maximum": COUNTED_UP_TO},
            },
        }


def field_of(model, path: str):
    """Return the model field that a dotted path of an order leads to."""
    *steps, last = path.split(LOOKUP_SEP)
    for step in steps:
        model = model._meta.get_field(step).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last)
