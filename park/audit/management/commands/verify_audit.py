"""Reckon the chain of the audit again and name what was touched."""

import json

from django.core.management.base import BaseCommand, CommandError

from park.audit import anchors
from park.audit.verify import as_dict, faults, head


class Command(BaseCommand):
    help = "Name every changed, missing, swapped or unchained line of the audit, and a tail that was cut off."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print a list for programs")
        parser.add_argument("--no-anchors", action="store_true", help="do not compare with var/audit-anchors.jsonl")

    def handle(self, *args, **options):
        found = faults([] if options["no_anchors"] else anchors.known())
        end = head()
        if options["json"]:
            report = {"lines": end["seq"], "head": end["digest"], "faults": [as_dict(fault) for fault in found]}
            self.stdout.write(json.dumps(report))
        else:
            for fault in found:
                self.stdout.write(str(fault))
        if found:
            raise CommandError(f"The audit is damaged: {len(found)} found.")
        if not options["json"]:
            self.stdout.write(f"The audit is whole: {end['seq']} lines.")
