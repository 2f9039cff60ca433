from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "services.claims"
    label = "claims"
    verbose_name = _("Claims and payments")

    def ready(self):
        from park.files.access import register_reader, register_use
        from park.workflow import clocks
        from services.policies import acted
        from services.policies.amending import register_claimants
        from services.policies.offering import register_offer

        from . import access, notices, offer, upkeep

        notices.register_all()
        register_offer(offer.claim)
        register_offer(offer.another)
        acted.register(access.has_claimed)
        register_claimants(access.claimants)
        register_reader(access.papers_of_claims, "a claim that it came with")
        register_use(access.claims_of_papers)
        for name, remind in (
            ("verify", upkeep.remind_officers), ("total", upkeep.remind_of_payment),
            ("look_again", upkeep.remind_approvers),
        ):  # fmt: skip
            clocks.watch("claims.claim", name, warned=remind, breached=partial(remind, broken=True))
        clocks.watch("claims.claim", "confirm", breached=upkeep.end_the_unconfirmed)
