"""Check every translation: none missing, none doubtful, none that loses or invents a placeholder."""

import re
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def handle(self, **options):
        faults = [
            f"{catalogue}:{line}: {fault}"
            for folder in settings.LOCALE_PATHS
            for catalogue in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
            for line, fault in check(catalogue)
        ]
        if faults:
            raise CommandError("\n".join([*faults, f"{len(faults)} translations need work."]))
        self.stdout.write("Every text is translated.")


def check(path: Path) -> list[tuple[int, str]]:
    """Return line and fault of every entry of a catalogue that is not fit to be shown."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3], abort_invalid=True)
    faults = []
    for message in catalogue:
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        told = f"“{originals[0][:60]}”"
        if not all(translations):
            faults.append((message.lineno, f"not translated: {told}"))
        elif message.fuzzy:
            faults.append((message.lineno, f"marked as doubtful: {told}"))
        else:
            # A form that stands for every number must hold the number: it answers to the plural.
            counted = originals[-1:] if len(translations) == 1 else originals
            allowed = [set(PLACEHOLDER.findall(original)) for original in counted]
            if any(set(PLACEHOLDER.findall(translation)) not in allowed for translation in translations):
                faults.append((message.lineno, f"other placeholders than the original: {told}"))
    return faults
