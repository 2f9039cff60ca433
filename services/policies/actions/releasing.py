"""A version told to whom it fits, and what ends it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from park.notices.actions import tell_set
from park.workflow.actions import GuardFailed, MoveRefused, apply_move, verb

from .. import access, matching, tasks
from ..models import Policy, PolicyVersion, Preview, Release
from ..states import MACHINE, State
from .four_eyes import by_another
from .refusals import Drifted, NotFresh
from .showing import show, show_right_one
from .stopping import call_off

FRESH = dt.timedelta(hours=24)  # how long a preview may be rested on
FURTHEST = dt.timedelta(days=90)  # ahead that a release is set
UNSET = {"scheduled_for": None, "scheduled_by": None}


def preview(*, version: PolicyVersion, by) -> Preview:
    """Look whom a release would reach now. What was seen is kept: a release rests on it, and the drift is shown."""
    if not access.may_preview(by):
        raise MoveRefused(_("Only policy officers and managers may see whom a policy reaches."), code="not-yours")
    if version.state in {State.CANCELLED, State.WITHDRAWN}:
        raise MoveRefused(_("This version is not going to be released."))
    return matching.preview(version, by)


@verb
def release(
    *, version: PolicyVersion, by, previewed: Preview, lock: int | None = None, confirmed: str | None = ""
) -> Release:
    """Tell the tenants it fits of a version. Judging and telling are done by a worker, from the ledger of releases.

    ``previewed`` is what this manager saw, at most a day ago; what changed since is written down as the drift. A
    version that was released before is amended by it: kept, and who lost by it is told why; an older one that was set
    for a moment is set no more. Raises NotFresh, GuardFailed once a newer version was released, Drifted unless
    ``confirmed`` is the mark of who came and went since (None: whoever did), or what the table refuses.
    """
    now = timezone.now()
    seen_by(previewed, version, by, now)
    Policy.objects.select_for_update().get(pk=version.policy_id)  # one release of a policy at a time
    others = PolicyVersion.objects.filter(policy=version.policy_id).exclude(pk=version.pk).order_by("number")
    older = others.filter(state=State.RELEASED, number__lt=version.number).first()
    if older is not None:
        apply_move(MACHINE, older, "amend", by=None, may=access.may_make, versions={"by": version.number})
    apply_move(
        MACHINE, version, "release", by=by, may=access.may_make, version=lock, changes={"released_at": now} | UNSET,
        versions={"preview": previewed.pk, "vocabulary": version.parsed.vocabulary.version},
        guard=by_another(by, _none_newer),
    )  # fmt: skip
    for overtaken in others.filter(state=State.SCHEDULED, number__lt=version.number):
        unschedule(version=overtaken, by=by, note=_("Version %(number)s was released.") % {"number": version.number})
    drift = matching.drift(previewed, matching.look(version))
    if confirmed is not None and matching.mark_of(drift) not in {"", confirmed}:
        raise Drifted(_("Other tenants are reached now than in your preview: read who, and confirm, or look again."))
    show(version)
    made = Release.objects.create(version=version, by=by, at=now, preview=previewed, drift=drift, amends=older)
    transaction.on_commit(lambda: tasks.nudge(tasks.run_release, made.pk))
    return made


@verb
def schedule(*, version: PolicyVersion, by, previewed: Preview, at: dt.datetime, lock: int | None = None):
    """Have a version released at a set moment, as the manager who sets it. ``previewed`` is what this manager saw.

    The preview has to be fresh at that moment too: where it is not, the manager is asked to look again, and the
    release waits. Raises NotFresh, GuardFailed, or what the table refuses.
    """
    now = timezone.now()
    seen_by(previewed, version, by, now)
    if not now < at <= now + FURTHEST:
        raise GuardFailed(_("Choose a moment within the next 90 days."), code="moment")
    return apply_move(
        MACHINE, version, "schedule", by=by, may=access.may_make, version=lock,
        changes={"scheduled_for": at, "scheduled_by": by}, versions={"preview": previewed.pk, "for": at.isoformat()},
        guard=by_another(by, _none_newer),
    )  # fmt: skip


@verb
def unschedule(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Take back the set moment. The version is approved as before, and released when somebody does it."""
    return apply_move(
        MACHINE, version, "unschedule", by=by, may=access.may_make, note=note, version=lock, changes=UNSET
    )


def _none_newer(version: PolicyVersion) -> None:
    """Raise GuardFailed if a newer version of the policy is released, or was."""
    newer = PolicyVersion.objects.filter(
        policy=version.policy_id, number__gt=version.number, released_at__isnull=False
    ).first()
    if newer is not None:
        raise GuardFailed(
            _("Version %(number)s was released already: an older one is not released over it.")
            % {"number": newer.number},
            code="newer-released",
        )


def seen_by(previewed: Preview, version: PolicyVersion, by, now: dt.datetime) -> None:
    """Raise NotFresh unless this person looked at whom this version reaches, at most a day before."""
    if previewed.version_id != version.pk or previewed.at < now - FRESH:
        raise NotFresh(_("Look at the preview again first: it is older than a day."))
    if previewed.by_id != by.pk:
        raise NotFresh(_("Look at the preview yourself first: this one was seen by somebody else."))


@verb
def close(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """End a policy before its date: it stays in the catalogue as closed, and nobody is told of it any more."""
    log = apply_move(MACHINE, version, "close", by=by, may=access.may_make, note=note, version=lock)
    show_right_one(Policy.objects.select_for_update().get(pk=version.policy_id))
    return log


@verb
def archive(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Put a closed policy away. Its page stays, for those who rest on it."""
    return apply_move(MACHINE, version, "archive", by=by, may=access.may_make, note=note, version=lock)


@verb
def withdraw(*, version: PolicyVersion, by, note: str, lock: int | None = None):
    """Take back a version that should not stand. It leaves the catalogue; whoever was told of it is told why."""
    told = version.state == State.RELEASED
    log = apply_move(
        MACHINE, version, "withdraw", by=by, may=access.may_make, note=note, version=lock, changes=UNSET
    )
    show_right_one(Policy.objects.select_for_update().get(pk=version.policy_id))
    if told:
        call_off(version, by)
        tell_set(
            matching.WITHDRAWN, recipients=matching.told_of(version), subject_id=version.pk, version=version.number
        )
    return log
