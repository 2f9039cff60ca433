"""Writing to each other about an application, in the thread that its readers share."""

from collections.abc import Iterable

from park.casework import actions as casework
from park.casework.models import Message, Side, Visibility
from park.workflow.actions import NotYours, verb

from .. import access
from ..models import Application
from ..telling import tell_applicant, tell_officers


@verb
def write(
    *, application: Application, text: str, by, visibility: str = Visibility.APPLICANT, documents: Iterable = ()
) -> Message:
    """Write a message on the file. The applicant's goes to the case officer, the park's to whom it is visible.

    Of a message that is not for the applicant, the applicant is told nothing. Raises MoveRefused.
    """
    if access.is_own(by, application) and not access.may_write(by, application):
        raise NotYours
    side = Side.APPLICANT if access.is_own(by, application) else Side.PARK
    message = casework.write(
        record=application, visibility=visibility, side=side, text=text, by=by, documents=documents
    )
    if side == Side.PARK and visibility == Visibility.APPLICANT:
        tell_applicant(
            "application-message", application, lambda: {"by": by.display_name, "text": message.text}, about=message
        )
    else:
        tell_officers("application-written", application, lambda: {"by": by.display_name}, about=message, by=by)
    return message
