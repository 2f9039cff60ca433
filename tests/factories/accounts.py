"""People as they come: valid, with nothing surprising."""

from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission

from park.accounts.models import User

PASSWORD = "plum-blossom-winter"
number = count(1)


def make_user(**fields) -> User:
    """A person with a confirmed address, who can sign in with PASSWORD."""
    n = next(number)
    password = fields.pop("password", PASSWORD)
    user = User.objects.create_user(
        **{"email": f"person{n}@talent.example", "name": f"Person {n}", "password": password} | fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_staff(*duties: str, **fields) -> User:
    """A member of park staff with these duties ('intake-officer') or single rights ('profiles.change_talent')."""
    user = make_user(**{"is_staff": True} | fields)
    for duty in duties:
        app, dot, right = duty.partition(".")
        if dot:
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=right))
        else:
            user.groups.add(Group.objects.get(name=duty))
    return user


def make_administrator(**fields) -> User:
    return make_user(**{"is_staff": True, "is_superuser": True} | fields)
