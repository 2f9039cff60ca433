"""Compile translations with Babel, so that no system package is needed; only what changed is compiled."""

import os
from pathlib import Path


def compile_stale(locale: Path) -> list[Path]:
    """Compile every catalogue below ``locale`` that is newer than its compiled form; return those compiled."""
    stale = [po for po in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _newer(po, po.with_suffix(".mo"))]
    if stale:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

    for po in stale:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3], abort_invalid=True)
        draft = po.with_suffix(f".{os.getpid()}.mo")
        with draft.open("wb") as target:
            write_mo(target, catalogue, use_fuzzy=False)
        draft.replace(po.with_suffix(".mo"))  # whoever reads it meanwhile sees the old one or the new one
    return stale


def _newer(source: Path, compiled: Path) -> bool:
    return not compiled.exists() or source.stat().st_mtime_ns > compiled.stat().st_mtime_ns
