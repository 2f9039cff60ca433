"""Pages of the frame itself: the theme switch, and what is shown when something is wrong."""

import sys
from http import HTTPStatus

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from park.accounts.doors import open_to_all
from park.pages.context import THEMES

A_YEAR = 365 * 24 * 3600


@open_to_all("It only sets a cookie for light or dark.")
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark on this device, and go back to where the reader was."""
    wanted, back = request.POST.get("theme", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if wanted in THEMES:
        response.set_cookie("theme", wanted, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@open_to_all("What happens to data must be known before any is given.")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@open_to_all("The statement must be readable for everybody.")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


def reference() -> str:
    """Return the beginning of the request's id: enough to find it in the log, short enough to read out."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    letters = "".join(letter for letter in request_id if letter.isalnum())[:8].upper()
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == 8 else ""


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain_page(request, "400.html", HTTPStatus.BAD_REQUEST)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say which role would have access: a PermissionDenied may carry it as its message."""
    context = {"who_may": str(exception), "reference": reference()}
    return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"reference": reference()}, status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Draw the page without the database, for it may be what failed: then say that it will be back."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return _plain_page(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the portal is away for a while: its database does not answer."""
    response = _plain_page(request, "503.html", HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or cookies are off: say how to go on, not which check failed."""
    return render(request, "403_csrf.html", {"reference": reference()}, status=HTTPStatus.FORBIDDEN)


def _plain_page(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    theme = request.COOKIES.get("theme", "")
    context = {"site_name": settings.SITE_NAME, "reference": reference(), "theme": theme if theme in THEMES else ""}
    return HttpResponse(render_to_string(template, context), status=status)
