"""The browsers in which a person is signed in."""

from allauth.usersessions.models import UserSession


def end_the_others(request, user, **kwargs) -> None:
    """Sign a person out everywhere but here: a second factor was added or taken away."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key or ""):
        session.end()
