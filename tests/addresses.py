"""An example address for every route, for tests that walk the whole address book."""

import re
from uuid import UUID

NOBODYS = UUID("00000000-0000-4000-8000-000000000000")
SAMPLES = {"int": "1", "str": "sample", "slug": "sample", "path": "1", "uuid": str(NOBODYS)}


def example(address: str) -> str:
    """Fill the blanks of a route: ``/files/<uuid:public_id>/`` becomes ``/files/0000…/``."""
    filled = re.sub(r"<(\w+):\w+>", lambda blank: SAMPLES[blank.group(1)], address)
    filled = re.sub(r"\(\?P<\w+>[^()]*\)", "sample", filled)
    return re.sub(r"<\w+>", "sample", filled).replace("\\.", ".").replace("/?", "/")
