"""What a signed-in person brings to each request, and what each request asks of them first."""

import zoneinfo

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from .access import must_set_up_second_factor
from .limits import LIMITS, Tries, client_address
from .views import too_often

log = structlog.get_logger("accounts")
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
IDLE = {True: 30 * MINUTE, False: 8 * HOUR}  # by "is park staff"
ABSOLUTE = {True: 12 * HOUR, False: 7 * DAY}
OPEN_WITHOUT_FACTOR = {
    "account_logout", "account_reauthenticate", "account_email", "account_email_verification_sent", "set_language",
    "pages:theme", "runtime:live", "runtime:health",
}


def send_to(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect the whole page, also when htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


class SignInRequired(LoginRequiredMiddleware):
    """Ask everybody to sign in, everywhere, unless the view says otherwise."""

    def handle_no_permission(self, request, view_func):
        if not request.headers.get("HX-Request"):
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL), REDIRECT_FIELD_NAME)
        back = request.headers.get("HX-Current-URL", "").partition("//")[2].partition("/")[2]
        return send_to(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: '/' + back})}")


class SessionLimits:
    """End a sign-in that was left alone or is too old: sooner for park staff, who see other people's papers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        was_signed_in = request.user.is_authenticated
        self.look_at_the_clock(request)
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'  # nothing of the session stays in the browser
        return response

    def look_at_the_clock(self, request):
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            session, staff = request.session, request.user.is_staff
            began, seen = session.get("signed_in_at", now), session.get("seen_at", now)
            if now - seen > IDLE[staff] or now - began > ABSOLUTE[staff]:
                logout(request)
                messages.info(request, _("You were signed out because your sign-in had become old. Sign in again."))
            elif now - seen > MINUTE or "seen_at" not in session:
                session["signed_in_at"], session["seen_at"] = began, now
                UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


class PersonalLanguage:
    """Show the pages that have one address for both languages (the staff area) in the reader's own language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class PersonalTimeZone:
    """Show times in the reader's own zone; Beijing time stands beside them where it matters."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)


class SecondFactorRequired:
    """Let people whose duty asks for a second factor do nothing before they have set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name or ""
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        if name in OPEN_WITHOUT_FACTOR or name.startswith("mfa_") or not must_set_up_second_factor(request.user):
            return None
        asked = _("Your duty asks for a second factor. Set one up to go on: an app that shows codes, or a passkey.")
        messages.warning(request, asked)
        return send_to(request, reverse("mfa_index"))


class AttemptLimits:
    """Refuse a sign-in, a code or a mail that was tried too often; see ``limits``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.tries = None
        response = self.get_response(request)
        if request.tries and (300 <= response.status_code < 400) is request.tries.counts_failures:
            request.tries.give_back()
        return response

    def process_view(self, request, view, args, kwargs):
        act = request.resolver_match.view_name
        if request.method == "POST" and act in LIMITS:
            tries = Tries(act, self.account(request), client_address(request))
            if until := tries.spend():
                log.warning("limit_reached", act=act)
                return too_often(request, until)
            request.tries = tries
        return None

    @staticmethod
    def account(request) -> str:
        """Say whose account is tried: the signed-in person's, the one half signed in, or the address typed."""
        if request.user.is_authenticated:
            return f"user {request.user.pk}"
        if typed := request.POST.get("login") or request.POST.get("email"):
            return typed
        return f"half signed in {(request.session.get('account_login') or {}).get('user_pk', '')}"
