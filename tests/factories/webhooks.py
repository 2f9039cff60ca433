"""Endpoints of enterprises and partners, valid as they come."""

from park.accounts.sealing import seal
from park.webhooks.models import Endpoint

from .organisations import make_membership

SECRET = "whsec_of_the_test"


def make_endpoint(url: str = "https://hooks.company.example/parasol", **fields) -> Endpoint:
    """An endpoint of an enterprise, made by its owner, told of everything. Its ``owner`` stands beside it."""
    membership = fields.pop("membership", None) or make_membership()
    standard = {"events": ["policy.released", "verdict.new"], "secret": seal(SECRET), "made_by": membership.user}
    endpoint = Endpoint.objects.create(organisation=membership.organisation, url=url, **standard | fields)
    endpoint.owner = membership.user
    return endpoint
