"""Which rows of a list, in what order. What a resource does not know is refused by name, never ignored."""

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

from .problems import UnknownParameters

EVERYWHERE = {"lang", "fields"}
OF_LISTS = {"cursor", "page_size", "total", "ordering"}


def known_parameters(view) -> set[str]:
    """Return the names of all query parameters that a resource understands at the address asked for."""
    if view.action != "list":
        return EVERYWHERE
    filterset = getattr(view, "filterset_class", None)
    return EVERYWHERE | OF_LISTS | set(filterset.base_filters if filterset else ())


def refuse_unknown(request, view) -> None:
    """Raise a problem that names every parameter the resource does not have, has twice, or cannot read."""
    known = known_parameters(view)
    if unknown := sorted(set(request.query_params) - known):
        raise UnknownParameters([name[:60] for name in unknown], known)
    for name, values in request.query_params.lists():
        if any("\0" in value or len(value) > 500 for value in values):
            raise ValidationError({name: [_("This value cannot be read.")]})
        if len(values) > 1 and name in EVERYWHERE | OF_LISTS:
            raise ValidationError({name: [_("Give this parameter once.")]})


class StrictFilterBackend(DjangoFilterBackend):
    """The filters of the resource's filterset, on lists only."""

    def filter_queryset(self, request, queryset, view):
        return super().filter_queryset(request, queryset, view) if view.action == "list" else queryset

    def get_filterset_class(self, view, queryset=None):
        return getattr(view, "filterset_class", None)


class StrictOrderingFilter(BaseFilterBackend):
    """One of the orders that the resource names; each ends in something unique, so no page skips or repeats."""

    def filter_queryset(self, request, queryset, view):
        return queryset.order_by(*self.order_of(request, view))

    def order_of(self, request, view) -> tuple[str, ...]:
        name = request.query_params.get("ordering") or next(iter(view.orderings))
        if name not in view.orderings:
            raise ValidationError(
                {"ordering": [_("Choose one of: %(choices)s.") % {"choices": ", ".join(view.orderings)}]}
            )
        return view.orderings[name]

    def get_schema_operation_parameters(self, view) -> list[dict]:
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "The order of the list.",
                "schema": {"type": "string", "enum": list(view.orderings), "default": next(iter(view.orderings))},
            }
        ]
