"""The settings of an account, the language switch, and the answer to too many tries."""

from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from . import actions
from .doors import open_to_all, signed_in
from .forms import SettingsForm
from .limits import HOUR, seconds_until
from .models import Language

A_YEAR = 365 * 24 * 3600


@signed_in("Everybody has settings of their own.")
@require_http_methods(["GET", "HEAD", "POST"])
def account_settings(request: HttpRequest) -> HttpResponse:
    """Names, language and time zone, and the ways to the pages that change how one signs in."""
    user = request.user
    now = {"name": user.name, "name_zh": user.name_zh, "language": user.language, "time_zone": user.time_zone}
    form = SettingsForm(request.POST or None, initial=now)
    if form.is_valid():
        actions.settle_in(user=user, **form.cleaned_data)
        language = form.cleaned_data["language"]
        with translation.override(language):
            messages.success(request, _("Your settings are saved."))
            return _remember(HttpResponseRedirect(reverse("accounts:settings")), language)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/settings.html", {"form": form}, status=status)


@open_to_all("Everybody may read the pages in their language; nothing but the choice is kept.")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Go to the same page in another language, and write to a signed-in person in that language from now on."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    if language not in Language.values:
        return HttpResponseRedirect(back)
    if request.user.is_authenticated:
        actions.choose_language(user=request.user, language=language)
    return _remember(HttpResponseRedirect(translate_url(back, language)), language)


def too_often(request: HttpRequest, until: datetime | None = None) -> HttpResponse:
    """Say when one may try again. ``until`` None: a limit of the sign-in pages that does not tell."""
    seconds = seconds_until(until) if until else HOUR
    context = {"minutes": -(-seconds // 60)}
    response = render(request, "accounts/too_often.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response


def _remember(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response
