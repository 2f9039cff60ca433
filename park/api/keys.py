"""Who calls, and what the key is good for."""

import datetime as dt
import re

from allauth.account.adapter import get_adapter
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication, permissions
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from .models import ApiKey

SHAPE = re.compile(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{43}")
USED_AT_MOST_EVERY = dt.timedelta(minutes=1)


class Caller:
    """The system behind a key. It is nobody's session and holds no right of a person."""

    is_authenticated, is_anonymous, is_active, is_staff, is_superuser = True, False, True, False, False

    def __init__(self, key: ApiKey):
        self.key = key
        self.pk = self.id = f"key:{key.prefix}"  # what the log calls it; the digest never leaves the table

    def __str__(self) -> str:
        return self.key.name

    def has_perm(self, perm: str, obj=None) -> bool:
        return False


class BearerKeyAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer KEYID.SECRET`` and nothing else: no session, no cookie, no key in the address."""

    def authenticate(self, request) -> tuple[Caller, ApiKey] | None:
        if any(SHAPE.search(value) for value in (request.get_full_path(), *request.query_params.values())):
            raise AuthenticationFailed(
                _("Send the key in the Authorization header. Addresses are written into logs: replace this key.")
            )
        word, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if not word:
            return None
        if word.lower() != "bearer" or not SHAPE.fullmatch(secret.strip()):
            raise AuthenticationFailed(_("Write the header as: Authorization: Bearer KEYID.SECRET"))
        key = self.find(secret.strip())
        if key.networks and not key.may_be_used_from(get_adapter().get_client_ip(request._request)):
            raise AuthenticationFailed(_("This key may not be used from your network."))
        self.note_use(key)
        return Caller(key), key

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="api"'

    def find(self, secret: str) -> ApiKey:
        """Return the key in force with this secret; the refusal does not tell what is wrong with it."""
        key = ApiKey.objects.in_force().filter(prefix=secret.partition(".")[0]).first()
        if key is None or not key.is_valid(secret):
            raise AuthenticationFailed(_("This key is not known, has expired or was revoked."))
        return key

    def note_use(self, key: ApiKey) -> None:
        """Write down that the key was used, at most once a minute."""
        now = timezone.now()
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_AT_MOST_EVERY)
        if key.last_used_at is None or key.last_used_at < now - USED_AT_MOST_EVERY:
            ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


class HasScope(permissions.BasePermission):
    """The key holds every scope in ``required_scopes`` of the resource. A resource that names none is shut."""

    def has_permission(self, request, view) -> bool:
        needed = getattr(view, "required_scopes", ())
        if request.auth is None:
            return False
        if not needed or not request.auth.may(*needed):
            raise PermissionDenied(_("This key lacks the scope %(scopes)s.") % {"scopes": ", ".join(needed)})
        return True
