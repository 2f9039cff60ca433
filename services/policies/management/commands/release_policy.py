"""Releases an approved policy through the same verb as the staff area: preview, then release."""

import json

from django.core.management.base import BaseCommand, CommandError

from park.accounts.models import User
from park.workflow.actions import MoveRefused
from services.policies import actions
from services.policies.models import PolicyVersion
from services.policies.states import LISTED


class Command(BaseCommand):
    help = "Release an approved policy to the tenants it fits: release_policy SLUG --by EMAIL."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the address name of the policy")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the manager who releases it")
        parser.add_argument("--json", action="store_true", help="print what happened as JSON")

    def handle(self, *, slug, by, **options):
        user = User.objects.filter(email__iexact=by, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {by}.")
        listed = PolicyVersion.objects.filter(policy__slug=slug, state__in=LISTED).select_related("policy")
        version = listed.order_by("-number").first()  # the newest: while another is released, it is not shown yet
        if version is None:
            raise CommandError(f"No approved policy is called {slug}.")
        try:
            preview = actions.preview(version=version, by=user)
            release = actions.release(version=version, by=user, previewed=preview)
        except MoveRefused as refusal:
            raise CommandError(str(refusal)) from None
        release.refresh_from_db()
        said = {
            "policy": slug,
            "version": version.number,
            "release": release.pk,
            "progress": release.progress,
            "fits": len(preview.fits),
            "may_fit": len(preview.may_fit),
            "near": len(preview.near),
            "people": preview.people,
        }
        if options["json"]:
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(
                "Released {policy}, version {version}: {fits} fit, {may_fit} may fit, {near} are one condition away; "
                "{people} people are being told.".format(**said)
            )
