"""Keys with which partners read the park."""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.crypto import KeyGenerator
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

from park.audit.tracking import audited

from .scopes import Scope


class HmacKeys(KeyGenerator):
    """Keys have 256 random bits, so a keyed digest is enough; slow hashing would cost each request and add nothing."""

    def hash(self, value: str) -> str:
        return "hmac256$" + hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()

    def verify(self, key: str, hashed_key: str) -> bool:
        return hmac.compare_digest(self.hash(key), hashed_key)

    def using_preferred_hasher(self, hashed_key: str) -> bool:
        return hashed_key.startswith("hmac256$")


def validate_network(text: str) -> None:
    """Refuse what is not an address range, such as 203.0.113.0/24 or 2001:db8::/32."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValidationError(_("Write a network as 203.0.113.0/24 or 2001:db8::/32.")) from None


class ApiKeyQuerySet(models.QuerySet):
    def in_force(self):
        """Return the keys that open something now: not revoked, not expired, and their maker still here."""
        return self.filter(
            Q(expiry_date=None) | Q(expiry_date__gte=timezone.now()),
            Q(made_by=None) | Q(made_by__is_active=True),
            revoked=False,
        )


class ApiKeyManager(BaseAPIKeyManager.from_queryset(ApiKeyQuerySet)):
    key_generator = HmacKeys(prefix_length=8, secret_key_length=43)

    def assign_key(self, obj: "ApiKey") -> str:
        """Give a key its secret and return it; the id is the public half, so no address or log holds the digest."""
        secret, obj.prefix, obj.hashed_key = self.key_generator.generate()
        obj.id = obj.prefix
        return secret


@audited(exclude=["hashed_key", "last_used_at"])
class ApiKey(AbstractAPIKey):
    """A partner's key: shown once, kept as a digest, good for the scopes named and until it expires or is revoked."""

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="api_keys",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), verbose_name=_("scopes"), default=list)
    networks = ArrayField(
        models.CharField(max_length=43, validators=[validate_network]),
        verbose_name=_("networks"),
        default=list,
        blank=True,
        help_text=_("Address ranges the key may be used from, with commas between. Empty means anywhere."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("made by")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name, verbose_name_plural = _("API key"), _("API keys")
        constraints = [
            models.CheckConstraint(name="a_key_has_known_scopes", condition=Q(scopes__contained_by=Scope.values)),
        ]

    def may(self, *scopes: str) -> bool:
        """Return whether the key holds every one of the scopes."""
        return set(scopes) <= set(self.scopes)

    def may_be_used_from(self, address: str | None) -> bool:
        """Return whether the key may be used from an address; a key without networks may be used from anywhere."""
        if not self.networks:
            return True
        try:
            caller = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        return any(caller in ipaddress.ip_network(network) for network in self.networks)
