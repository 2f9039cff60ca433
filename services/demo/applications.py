"""Applications of the demo park in every state (see ``requests.py`` for the manner)."""

import datetime as dt

from django.utils import timezone

from park.notices.models import Notice

from services.policies.kinds import KIND

from . import past


def store(rng, cast, companies, talents, tenants, staff) -> None:
    pass


def age_release(made, days: int) -> None:
    """Let a release have happened so many days ago, with its verdicts and notices."""
    moment = timezone.now() - dt.timedelta(days=days)
    version = made.version
    past.move(version, [moment], fields=("released_at",), kinds=[KIND], also=[(made, ("at", "completed_at"))])
    version.verdicts.update(judged_at=moment)
    Notice.objects.filter(kind=KIND, subject_id=version.pk).update(created_at=moment)
