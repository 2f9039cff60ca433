"""Errors of one shape: ``application/problem+json`` (RFC 9457), in the language asked for, without internals."""

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)

# Code, as in the address of its explanation, and title, by status.
KINDS = {
    status.HTTP_400_BAD_REQUEST: ("bad-request", gettext_lazy("The request cannot be read")),
    status.HTTP_401_UNAUTHORIZED: ("no-key", gettext_lazy("No valid key")),
    status.HTTP_403_FORBIDDEN: ("scope", gettext_lazy("The key is not good for this")),
    status.HTTP_404_NOT_FOUND: ("not-found", gettext_lazy("Nothing here")),
    status.HTTP_405_METHOD_NOT_ALLOWED: ("method", gettext_lazy("This address does not do that")),
    status.HTTP_406_NOT_ACCEPTABLE: ("format", gettext_lazy("Answers are JSON only")),
    status.HTTP_409_CONFLICT: ("state", gettext_lazy("This cannot be done now")),
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: ("media-type", gettext_lazy("Send JSON")),
    status.HTTP_422_UNPROCESSABLE_ENTITY: ("content", gettext_lazy("Something has to be put right")),
    status.HTTP_429_TOO_MANY_REQUESTS: ("limit", gettext_lazy("Too many calls")),
    status.HTTP_500_INTERNAL_SERVER_ERROR: ("our-fault", gettext_lazy("Something broke on our side")),
}


class UnknownParameters(exceptions.ValidationError):
    """Parameters, filters or fields that the resource does not have, each with its name."""

    def __init__(self, names, known=()):
        sentence = _("This parameter is not known. Known are: %(known)s.") % {"known": ", ".join(sorted(known))}
        super().__init__({name: [sentence] for name in names})


def request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def describe(code: int, detail: str, errors: dict | None = None) -> dict:
    """Return the body of a problem."""
    name, title = KINDS.get(code, KINDS[status.HTTP_400_BAD_REQUEST])
    return {
        "type": f"{settings.BASE_URL}/api/#problem-{name}",
        "title": str(title),
        "status": code,
        "detail": detail,
        "errors": errors or {},
        "request_id": request_id(),
    }


def problem(exception: Exception, context: dict) -> Response:
    """Turn any exception into a problem. What we did not foresee is logged whole and told as our fault."""
    match exception:
        case Http404():
            exception = exceptions.NotFound()
        case PermissionDenied():
            exception = exceptions.PermissionDenied()
        case exceptions.APIException():
            pass
        case _:
            log.exception("api_failed", exc_info=exception)
            got_request_exception.send(sender=problem, request=context["request"]._request)
            exception = exceptions.APIException(_("Something broke on our side. Tell us the number in request_id."))
    set_rollback()
    detail, errors = words(exception)
    response = Response(describe(exception.status_code, detail, errors), exception.status_code, content_type=MEDIA_TYPE)
    if header := getattr(exception, "auth_header", None):
        response["WWW-Authenticate"] = header
    if getattr(exception, "wait", None):
        response["Retry-After"] = str(int(exception.wait))
    return response


def words(exception: exceptions.APIException) -> tuple[str, dict[str, list[str]]]:
    """Return one sentence for the whole and the sentences for each field."""
    detail = exception.detail
    if isinstance(detail, dict):
        errors = {
            name: [str(each) for each in (said if isinstance(said, list) else [said])] for name, said in detail.items()
        }
        return _("Put right: %(names)s.") % {"names": ", ".join(errors)}, errors
    if isinstance(detail, list):
        return " ".join(str(each) for each in detail), {}
    match exception:
        case exceptions.NotFound():
            return _("There is nothing at this address, or it is not open to you."), {}
        case exceptions.NotAuthenticated():
            return _("Send your key in the header: Authorization: Bearer KEYID.SECRET"), {}
        case exceptions.MethodNotAllowed() | exceptions.NotAcceptable() | exceptions.UnsupportedMediaType():
            return str(KINDS[exception.status_code][1]), {}
        case exceptions.Throttled():
            return _("Call again in %(seconds)s seconds.") % {"seconds": int(exception.wait or 1)}, {}
    return str(detail), {}
