"""An example address for every route, for tests that walk the whole address book."""

import re
from uuid import UUID

NOBODYS = UUID("00000000-0000-4000-8000-000000000000")
SAMPLES = {"int": "1", "str": "sample", "slug": "sample", "path": "1", "uuid": str(NOBODYS)}


def fitting(blank: re.Match) -> str:
    """Return a word, or where the address wants a number, a number that nothing has."""
    wanted = blank.group(1)
    return next(word for word in ("sample", "999999", wanted.partition("|")[0]) if re.fullmatch(wanted, word))


def example(address: str) -> str:
    """Fill the blanks of a route: ``/files/<uuid:public_id>/`` becomes ``/files/0000…/``."""
    filled = re.sub(r"<(\w+):\w+>", lambda blank: SAMPLES[blank.group(1)], address)
    filled = filled.replace("(?:.*/)?", "")
    filled = re.sub(r"\(\?P<\w+>([^()]*)\)", fitting, filled)
    return re.sub(r"<\w+>", "sample", filled).replace("\\.", ".").replace("/?", "/")
