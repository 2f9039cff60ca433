"""Name files without rows, rows without files, and files that changed."""

import json

from django.core.management.base import BaseCommand, CommandError

from park.files.integrity import check

WORDS = {
    "rows_without_files": "file is missing",
    "changed_files": "file was changed",
    "files_without_rows": "file that no document knows",
}


class Command(BaseCommand):
    help = "Compare documents with stored files; fails if a file is missing or was changed."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the findings for programs")
        parser.add_argument("--deep", action="store_true", help="read every file again and compare its SHA-256")
        parser.add_argument("--sweep", action="store_true", help="delete files, an hour old, that no document knows")

    def handle(self, *args, **options):
        found = check(deep=options["deep"], sweep=options["sweep"])
        report = found.as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            for key, words in WORDS.items():
                for name in report[key]:
                    self.stdout.write(f"{name}: {words}")
            self.stdout.write(f"{found.documents} documents compared.")
        if not found.sound:
            raise CommandError("Files are missing or were changed.")
