"""Print who may open what, made from the code."""

import json

from django.core.management.base import BaseCommand

from park.accounts.matrix import routes


class Command(BaseCommand):
    help = "Print every route with its methods, who may open it and why."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print a list for programs")

    def handle(self, *args, **options):
        known = routes()
        if options["json"]:
            self.stdout.write(json.dumps([route.as_dict() for route in known], ensure_ascii=False, indent=1))
            return
        for route in known:
            self.stdout.write(f"{route.address}  {','.join(route.methods)}  {route.who}: {route.why}")
