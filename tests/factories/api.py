"""Keys of partners, and calls with them."""

from itertools import count

from park.api.models import ApiKey
from park.api.scopes import READ

number = count(1)


def make_key(*scopes: str, **fields) -> tuple[ApiKey, str]:
    """A key for these scopes (all that can be read, if none is named) and its secret."""
    return ApiKey.objects.create_key(name=f"Partner {next(number)}", scopes=list(scopes or READ), **fields)


def bearer(secret: str) -> dict:
    """The header of a call, for the test client."""
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
