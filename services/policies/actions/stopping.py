"""The mails of a release: stopped, let go on, or called off for good."""

from django.utils.translation import gettext as _

from park.notices import actions as outbox
from park.workflow.actions import GuardFailed, MoveRefused, verb

from .. import access, matching
from ..models import PolicyVersion, Release
from ..states import State


@verb
def pause_release(*, release: Release, by, reason: str) -> int:
    """Stop the mails of a release, also to those told meanwhile. Returns how many wait."""
    release = _stoppable(release, by)
    if not reason.strip():
        raise GuardFailed(_("Say why the mails stop."), code="no-reason")
    kept = matching.told_as(release.version)
    return sum(outbox.pause(**about, by=by, reason=reason.strip()) for about in kept)


@verb
def resume_release(*, release: Release, by) -> int:
    """Let the mails of a paused release go on. Returns how many go."""
    kept = matching.told_as(_stoppable(release, by).version)
    return sum(outbox.resume(**about, by=by) for about in kept)


def call_off(version: PolicyVersion, by) -> int:
    """Never send what waits of a version that is being withdrawn."""
    kept = matching.told_as(version)
    return sum(outbox.call_off(**about, by=by, reason="the policy was withdrawn") for about in kept)


def _stoppable(release: Release, by) -> Release:
    if not access.may_stop(by):
        raise MoveRefused(_("Only managers may stop or withdraw a release."), code="not-yours")
    release = Release.objects.select_for_update(of=("self",)).select_related("version").get(pk=release.pk)
    if release.version.state == State.WITHDRAWN:
        raise MoveRefused(_("This policy was withdrawn: nothing of it waits any more."))
    return release
