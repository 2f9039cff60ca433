"""For whom a person acts in this request, if for anybody but themselves."""

from django.utils.functional import SimpleLazyObject

from .models import Membership

KEY = "acting_for"  # of the session: the organisation's number


def membership_of(request) -> Membership | None:
    """Return the chosen membership if it still holds; a membership that has ended ends the choice at once."""
    chosen = request.session.get(KEY)
    if not chosen or not request.user.is_authenticated:
        return None
    held = Membership.objects.acting_for(request.user).filter(organisation_id=chosen).first()
    if held is None:
        del request.session[KEY]
    return held


class ActingFor:
    """Give each request ``acting_for``: the membership in whose name the person acts, or something false."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting_for = SimpleLazyObject(lambda: membership_of(request))
        return self.get_response(request)
