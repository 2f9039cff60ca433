"""Who acts in a request, told to the database's history."""

import structlog
from pghistory import context
from pghistory.middleware import HistoryMiddleware


class ActorMiddleware(HistoryMiddleware):
    """Name the person, the organisation acted for, the request and the route: never an address or any personal data."""

    def get_context(self, request) -> dict:
        return {
            "user": request.user.pk,
            "acting_for": request.acting_for.organisation_id if request.acting_for else None,
            "request": str(structlog.contextvars.get_contextvars().get("request_id", "")),
        }

    def process_view(self, request, view, args, kwargs) -> None:
        context(route=request.resolver_match.view_name or request.resolver_match.route)
