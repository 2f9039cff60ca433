"""Who wrote any of a version's text neither checks nor releases it, whoever sent it for review."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from park.workflow.access import same_person
from park.workflow.actions import SecondPersonNeeded

from ..models import PolicyVersion


def by_another(by, *guards: Callable) -> Callable:
    """Return a guard of a move: another person than those who wrote the version, then what ``guards`` ask."""

    def guard(version: PolicyVersion) -> None:
        if any(same_person(writer, by) for writer in version.writers.all()):
            raise SecondPersonNeeded(_("A second person has to take this step: you wrote some of this version."))
        for each in guards:
            each(version)

    return guard
