"""How this portal signs people in: what allauth asks its adapter."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from . import actions
from .limits import client_address
from .models import User
from .sealing import seal, unseal

LONGEST_PASSWORD = 128
log = structlog.get_logger("accounts")


def on_our_site(url: str) -> str:
    """Return an address on the portal's own host, whatever host the request came by."""
    parts = urlsplit(url)
    return settings.BASE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request) -> str:
        return client_address(request)

    def is_safe_url(self, url) -> bool:
        """Allow redirects within this host only."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def clean_password(self, password, user=None) -> str:
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(_("A password has at most 128 characters."))
        return super().clean_password(password, user)

    def login(self, request, user) -> None:
        """Begin the session's clock anew with each sign-in."""
        super().login(request, user)
        request.session["signed_in_at"] = request.session["seen_at"] = timezone.now().timestamp()
        log.info("signed_in", user_id=user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Write an account e-mail in the reader's language, as text and as HTML, and put it into the post.

        The words go out after the answer: whether an address is known cannot be told from how long an answer takes.
        """
        reader = context.get("user") or User.objects.filter(email=email.strip().lower()).first()
        language = getattr(reader, "language", "") or translation.get_language()
        context = {key: on_our_site(value) if key.endswith("_url") else value for key, value in context.items()}
        site = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(settings.BASE_URL).netloc)
        with translation.override(language):
            context = {**context, "email": email, "current_site": site, "site_name": settings.SITE_NAME}
            subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
            text = render_to_string(f"{template_prefix}_message.txt", context).strip() + "\n"
            html = render_to_string(
                "accounts/letter.html",
                {"subject": subject, "paragraphs": text.strip().split("\n\n"), "code": context.get("code", ""),
                 "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL},
            )
        actions.write_letter(to=email, subject=subject, text=text, html=html)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        zone = timezone.get_default_timezone()
        when = timezone.localtime(timezone.now(), zone)
        context = {**(context or {}), "user": user, "timestamp": when}
        super().send_notification_mail(template_prefix, user, context, email)

    def send_password_reset_mail(self, user, email, context) -> None:
        super().send_password_reset_mail(user, email, {**context, "user": user})

    def authentication_failed(self, request, **credentials) -> None:
        log.warning("sign_in_refused", address=client_address(request))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seeds of codes are kept sealed: a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
