"""The kinds of notices of this room. What each says stands in ``templates/notices/``."""

from park.notices.kinds import Kind, Topic, register

TO_THE_TENANT = {
    "claim-sent": "doc", "claim-returned": "warn", "claim-approved": "check", "claim-rejected": "doc",
    "claim-second-look": "doc", "claim-ordered": "coin", "claim-bounced": "warn",
    "claim-paid": "coin", "claim-clawback": "warn",
    "claim-recovered": "check", "claim-withdrawn": "doc", "benefit-ready": "coin", "benefit-confirmed": "check",
    "benefit-lapsed": "clock",
}  # fmt: skip
TO_THE_PARK = {"claim-arrived": "list", "claim-to-approve": "list", "claim-to-pay": "coin", "claim-late": "warn"}


def register_all() -> None:
    for name, icon in TO_THE_TENANT.items():
        register(Kind(name, Topic.POLICIES, mutable=False, icon=icon))
    register(Kind("benefit-fallback", Topic.POLICIES, icon="doc"))
    for name, icon in TO_THE_PARK.items():
        register(Kind(name, Topic.WORK, icon=icon))
