"""Sealing short secrets (TOTP seeds, recovery seeds) for the database: AES-GCM, with the id of the key in the value."""

import base64
import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

PURPOSE = b"accounts.sealing"


class CannotUnseal(Exception):
    """The key that sealed this value is not among SECRET_KEY and SECRET_KEY_FALLBACKS."""


def seal(text: str) -> str:
    key_id, key = _keys()[0]
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), PURPOSE)
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(value: str) -> str:
    """Return what was sealed. Raises CannotUnseal if its key is gone."""
    key_id, _, body = value.partition(".")
    raw = base64.urlsafe_b64decode(body)
    for known, key in _keys():
        if known == key_id:
            return AESGCM(key).decrypt(raw[:12], raw[12:], PURPOSE).decode()
    raise CannotUnseal(key_id)


def _keys() -> list[tuple[str, bytes]]:
    """The keys in use, newest first, each with a short name that tells nothing of it."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = [hashlib.sha256(PURPOSE + secret.encode()).digest() for secret in secrets]
    return [(hashlib.sha256(b"id" + key).hexdigest()[:8], key) for key in keys]
