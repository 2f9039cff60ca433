"""Why an act on a policy is refused, where the table of states allows it."""

from django.utils.translation import gettext as _

from park.audit.history import history_of
from park.workflow.actions import GuardFailed, Stale


class NotFresh(GuardFailed):
    """The preview that a release rests on is missing, of another version, or too old."""

    code = "preview-not-fresh"


class Drifted(GuardFailed):
    """Since the preview, tenants were gained or lost, and the manager has not said that this is known."""

    code = "drifted"


class RuleNotRight(GuardFailed):
    """The conditions cannot be read, or can never or always hold."""

    code = "rule-not-right"


class CaseNotRight(GuardFailed):
    """A golden case that cannot be judged, is missing, or of which the rule says something else."""

    code = "case-not-right"


def faster(version) -> Stale:
    """Return the refusal of a change to a version that was changed meanwhile; it says who was faster."""
    last = next(iter(history_of(version, limit=1)), None)
    if last is None or not last.who:
        return Stale()
    return Stale(
        _(
            "This was changed while you had it open: %(name)s was faster. What you typed is still here. Open the page "
            "anew beside it to read what stands there now."
        )
        % {"name": last.who}
    )
