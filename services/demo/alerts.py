"""What people of the demo want to be told of: saved searches, a calendar, the webhooks of a partner and a company."""

import datetime as dt

from django.utils import timezone

from park.accounts.models import User
from park.notices.models import Frequency
from park.organisations.models import Organisation
from park.webhooks import actions as webhooks
from park.webhooks.models import Endpoint, Sending, SendState
from services.alerts import actions, feeding, looking
from services.alerts.models import Hit
from services.policies.facets import Asked

SINCE = dt.timedelta(days=200)  # the partner's server was told before the first release of the demo
# By person: what they called it, what they asked, how often they are told.
SEARCHES = {
    "tenant3@company.example": [
        ("Grants for start-ups", Asked(chosen={"kind": ["subsidy"], "stage": ["startup"]}), Frequency.AT_ONCE),
        ("Loans", Asked(chosen={"kind": ["finance"]}), Frequency.DAILY),
        ("Rent", Asked(text="rent"), Frequency.WEEKLY),
    ],
    "tenant5@company.example": [("Recognitions", Asked(chosen={"kind": ["recognition"]}), Frequency.WEEKLY)],
    "scholar1@talent.example": [("Talent programmes", Asked(chosen={"kind": ["talent"]}), Frequency.DAILY)],
}
# What became of the deliveries to the partner's server, in the order of the releases; those after these arrived.
ENDS = ((SendState.DEAD, 8, 503, "answered 503"), (SendState.FAILED, 1, None, "Refused: not a public address"))


def store() -> None:
    """Let people have saved searches, one of which found something, and tell two servers."""
    people = {user.email: user for user in User.objects.filter(email__in=SEARCHES)}
    for email, wanted in SEARCHES.items():
        for name, asked, frequency in wanted:
            search = actions.save_search(user=people[email], asked=asked, name=name, frequency=frequency)
            if frequency == Frequency.AT_ONCE:  # its first find is news
                newest = search.hits.order_by("-version__approved_at", "-pk").first()
                Hit.objects.filter(pk=newest.pk).update(known_before=False)
            if name == "Rent":
                actions.stop(search=search)
    looking.tell_of_hits()
    actions.make_feed(user=people["tenant3@company.example"])
    tell_servers(people["tenant3@company.example"])


def tell_servers(owner: User) -> None:
    city = Organisation.objects.get(slug="partner-city")
    company = Organisation.objects.acting_for(owner).order_by("pk").first()
    partner = User.objects.get(email="partner@city.example")
    told, _secret = webhooks.make(
        organisation=city, url="https://hooks.partner-city.example/parasol", events=[feeding.RELEASED], by=partner
    )
    ours, _secret = webhooks.make(
        organisation=company, url="https://erp.company.example/parasol", events=[feeding.VERDICT], by=owner
    )
    Endpoint.objects.filter(pk=told.pk).update(made_at=timezone.now() - SINCE)
    feeding.feed()
    webhooks.stop(endpoint=ours, by=owner)
    sendings = Sending.objects.filter(endpoint=told).order_by("pk")
    sendings.update(state=SendState.SENT, tries=1, last_status=200, sent_at=timezone.now())
    for pk, (state, tries, status, error) in zip(sendings.values_list("pk", flat=True), ENDS, strict=False):
        Sending.objects.filter(pk=pk).update(
            state=state, tries=tries, last_status=status, last_error=error, sent_at=None
        )
