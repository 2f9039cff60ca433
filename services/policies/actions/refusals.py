"""Why an act on a policy is refused, where the table of states allows it."""

from park.workflow.actions import GuardFailed


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
