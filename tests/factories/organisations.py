from itertools import count

from park.organisations.models import Kind, Membership, Organisation, Role
from tests.factories.accounts import make_user

number = count(1)


def make_organisation(**fields) -> Organisation:
    n = next(number)
    name = fields.pop("name", f"Organisation {n}")
    return Organisation.objects.create(
        **{"kind": Kind.ENTERPRISE, "slug": f"organisation-{n}", "name": name, "name_en": name} | fields
    )


def make_membership(**fields) -> Membership:
    """A person who acts for an organisation; its owner unless a role is named."""
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_organisation()
    fields.setdefault("user", None)
    fields["user"] = fields["user"] or make_user()
    return Membership.objects.create(**{"role": Role.OWNER} | fields)
