"""What the embedded servers have in common: the wheels they come in, the folders they write to, the way they refuse."""

from importlib.util import find_spec
from pathlib import Path


class CannotStart(Exception):
    """Something the park needs is not there; the message says in one sentence what, and what to do."""


def wheel(package: str) -> Path:
    """Return the folder of an installed wheel without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            f"The package {package} is not installed: run './bootstrap local', or set DATABASE_URL and REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def private(folder: Path) -> Path:
    """Make a folder that is its owner's alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder
