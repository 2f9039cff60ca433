"""A name that says enough to whoever holds the letter, and too little to whoever does not."""

import re

HAN = re.compile(r"^[\u3400-\u9fff·]+$")


def masked(name: str) -> str:
    """Return a name with the first sign of each part: ``Zhao Ming`` as ``Z** M**``, ``赵铭`` as ``赵*``.

    The stars are always two for other scripts, so that they do not tell the length.
    """
    name = " ".join(name.split())
    if HAN.match(name):
        return name[:1] + "*" * max(1, len(name) - 1)
    return " ".join(f"{part[0]}**" for part in name.split())
