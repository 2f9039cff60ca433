"""Keys with which partners read the park."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.crypto import KeyGenerator
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager


class HmacKeys(KeyGenerator):
    """Keys have 256 random bits, so a keyed digest is enough; slow hashing would cost each request and add nothing."""

    def hash(self, value: str) -> str:
        return "hmac256$" + hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()

    def verify(self, key: str, hashed_key: str) -> bool:
        return hmac.compare_digest(self.hash(key), hashed_key)

    def using_preferred_hasher(self, hashed_key: str) -> bool:
        return hashed_key.startswith("hmac256$")


class ApiKeyManager(BaseAPIKeyManager):
    key_generator = HmacKeys(prefix_length=8, secret_key_length=43)


class ApiKey(AbstractAPIKey):
    """A partner's key: shown once, kept as a digest, good for the scopes named and until it expires or is revoked."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="api_keys", null=True, blank=True
    )
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name, verbose_name_plural = _("API key"), _("API keys")
