"""``manage.py outbox status|retry|cancel``: the ledger of notices, from the command line."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min
from django.utils import timezone

from park.notices import access, actions
from park.notices.models import Channel, Delivery, DeliveryState, Notice


class Command(BaseCommand):
    help = "Shows what waits in the outbox, sends again what was refused or given up, or cancels what waits."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True)
        for name, what in (
            ("status", "counts by channel and state, and since when mail waits"),
            ("retry", "send again what was refused (failed) or given up (dead)"),
            ("cancel", "never send what has not gone yet; by --id also what was refused or given up"),
        ):
            act = acts.add_parser(name, help=what)
            act.add_argument("--json", action="store_true", help="report as JSON")
            if name != "status":
                act.add_argument("--kind", help="of this kind of notice only")
                act.add_argument("--id", type=int, help="this delivery only")
            if name == "retry":
                act.add_argument("--state", choices=["failed", "dead"], help="in this state only")
            if name == "cancel":
                act.add_argument("--all", action="store_true", help="everything that waits")
                act.add_argument("--reason", default="cancelled by the operator", help="kept with each delivery")

    def handle(self, *args, act, **options):
        getattr(self, act)(**options)

    def status(self, **options):
        told = {
            "now": timezone.now().isoformat(),
            "notices": Notice.objects.count(),
            "channels": self.counts(),
            "oldest_due": self.oldest(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2))
            return
        for channel, states in told["channels"].items():
            words = ", ".join(f"{count} {state}" for state, count in states.items() if count) or "nothing"
            self.stdout.write(f"{channel}: {words}")
        self.stdout.write(f"oldest due: {told['oldest_due'] or 'nothing waits'}")

    def counts(self) -> dict:
        found = {channel: dict.fromkeys(DeliveryState.values, 0) for channel in (Channel.EMAIL.value,)}
        rows = Delivery.objects.order_by().values("channel", "state").annotate(count=Count("pk"))
        for row in rows:
            found.setdefault(row["channel"], {})[row["state"]] = row["count"]
        standing = access.in_portal()
        unread = standing.unread().count()
        return {Channel.IN_APP.value: {"unread": unread, "read": standing.count() - unread}, **found}

    def oldest(self) -> str | None:
        oldest = Delivery.objects.due().aggregate(oldest=Min("due_at"))["oldest"]
        return oldest.isoformat() if oldest else None

    def retry(self, **options):
        chosen = self.chosen(options)
        if options["state"]:
            chosen = chosen.filter(state=options["state"])
        self.report("retried", actions.retry(deliveries=chosen), options)

    def cancel(self, **options):
        if not (options["kind"] or options["id"] or options["all"]):
            raise CommandError("Say what to cancel: --kind NAME, --id NUMBER or --all.")
        chosen = self.chosen(options) if options["id"] else self.chosen(options).unsent()
        self.report("cancelled", actions.cancel(deliveries=chosen, reason=options["reason"]), options)

    def chosen(self, options):
        chosen = Delivery.objects.all()
        if options["kind"]:
            chosen = chosen.filter(notice__kind=options["kind"])
        if options["id"]:
            chosen = chosen.filter(pk=options["id"])
        return chosen

    def report(self, what: str, count: int, options):
        self.stdout.write(json.dumps({what: count}) if options["json"] else f"{count} {what}")
