"""The main pages of the portal, each with whoever reads it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """A page as one person reads it. ``{tenant}`` and the like stand for what only the running park knows."""

    path: str
    by: str = ""  # nobody: a visitor
    status: int = 200
    staff: bool = False
    both: bool = False  # shows both languages side by side, on purpose
    only: str = ""  # a language, where only this one person may do what the page is for

    def __str__(self) -> str:
        return f"{self.path} {self.by.partition('@')[0]}".strip()


SCHOLAR, ASKED = "scholar1@talent.example", "scholar2@talent.example"
IN_REVIEW, ACCEPTED, REJECTED = "scholar3@talent.example", "scholar4@talent.example", "scholar5@talent.example"
OWNER, ASKER, CLERK = "tenant5@company.example", "tenant4@company.example", "institution1@inst.example"
EXPERT, CHAIR, SECRETARY = "expert2@panel.example", "chair@park.example", "intake2@park.example"
INTAKE, MANAGER, SERVICES = "intake@park.example", "manager@park.example", "services@park.example"
POLICY, FINANCE = "policy@park.example", "finance@park.example"

PUBLIC = [
    Shown("/"),
    Shown("/policies/"),
    Shown("/policies/?q=tax&kind=tax"),
    Shown("/policies/?q=nothing-has-this-word"),
    Shown("/policies/hnte-recognition/"),
    Shown("/policies/hnte-recognition/text/"),
    Shown("/policies/hnte-recognition/handbook/"),
    Shown("/policies/hnte-recognition/questions/"),
    Shown("/check/"),
    Shown("/check/?living=back_longer&degree=doctor_abroad&field=biomedicine&company=y3"),
    Shown("/stages/"),
    Shown("/stages/4-growth/"),
    Shown("/institutions/"),
    Shown("/institutions/{institution}/"),
    Shown("/companies/"),
    Shown("/apply/"),
    Shown("/search/?q=tax"),
    Shown("/help/"),
    Shown("/promises/"),
    Shown("/privacy/"),
    Shown("/accessibility/"),
    Shown("/accounts/login/"),
    Shown("/accounts/signup/"),
    Shown("/accounts/password/reset/"),
    Shown("/api/?lang={language}"),
    Shown("/no-such-page/", status=404),
]
APPLICANT = [
    Shown("/me/", SCHOLAR),
    Shown("/me/profile/", SCHOLAR),
    Shown("/me/profile/abroad/new/", SCHOLAR),
    Shown("/me/applications/", SCHOLAR),
    Shown("/me/applications/new/", SCHOLAR),
    Shown("{draft}", SCHOLAR),
    Shown("{draft}personal/", SCHOLAR),
    Shown("{draft}abroad/", SCHOLAR),
    Shown("{draft}idea/", SCHOLAR),
    Shown("{draft}needs/", SCHOLAR),
    Shown("{draft}papers/", SCHOLAR),
    Shown("{draft}check/", SCHOLAR),
    Shown("{asked}", ASKED),
    Shown("{in_review}", IN_REVIEW),
    Shown("{in_review}sent/", IN_REVIEW),
    Shown("{in_review}withdraw/", IN_REVIEW),
    Shown("{accepted}", ACCEPTED),
    Shown("{rejected}", REJECTED),
    Shown("/me/documents/", IN_REVIEW),
    Shown("/me/searches/", SCHOLAR),
    Shown("/me/calendar/", SCHOLAR),
    Shown("/me/settings/", IN_REVIEW),
    Shown("/me/settings/notices/", IN_REVIEW),
    Shown("/accounts/2fa/", IN_REVIEW),
    Shown("/accounts/sessions/", IN_REVIEW),
    Shown("/accounts/password/change/", IN_REVIEW),
]
TENANT = [
    Shown("/c/{tenant}/path/", OWNER),
    Shown("/c/{tenant}/problems/", OWNER),
    Shown("/mentoring/", OWNER),
    Shown("/c/{tenant}/", OWNER),
    Shown("/c/{tenant}/fit/", OWNER),
    Shown("/c/{tenant}/fit/aside/hnte-recognition/", OWNER),
    Shown("/c/{tenant}/claims/", OWNER),
    Shown("/c/{tenant}/money/", OWNER),
    Shown("/me/webhooks/", OWNER),
    Shown("/organisations/{tenant}/webhooks/", OWNER),
    Shown("/organisations/{tenant}/webhooks/new/", OWNER),
    Shown("/c/{tenant}/profile/", OWNER),
    Shown("/c/{tenant}/profile/enterprise.headcount/", OWNER),
    Shown("/policies/hnte-recognition/", OWNER),
    Shown("/me/notifications/", OWNER),
    Shown("/c/{asker}/requests/", ASKER),
    Shown("/c/{asker}/requests/new/", ASKER),
    Shown("{request}", OWNER),
    Shown("/inst/{clerk}/", CLERK),
    Shown("{offer}", CLERK),
    Shown("/me/notifications/", CLERK),
]
REVIEW = [
    Shown("/review/", EXPERT),
    Shown("/review/done/", EXPERT),
    Shown("/review/guide/", EXPERT),
    Shown("{declaring}", EXPERT),
    Shown("{scoring}", EXPERT),
    Shown("{scored}", EXPERT),
    Shown("/review/meetings/", EXPERT),
    Shown("{meeting}", EXPERT),
    Shown("{meeting}", CHAIR),
    Shown("{meeting}results/", CHAIR),
    Shown("{signed}", CHAIR),
    Shown("{signed}results/", CHAIR),
    Shown("{signed}result/", CHAIR),
    Shown("{to_sign}result/", SECRETARY),
    Shown("/mentoring/", EXPERT),
]
STAFF = [
    Shown("/admin/", INTAKE, staff=True),
    Shown("/admin/intake/application/", INTAKE, staff=True),
    Shown("/admin/intake/application/{case}/change/", INTAKE, staff=True),
    Shown("/admin/intake/application/{case}/ask/", INTAKE, staff=True, only="en"),
    Shown("/admin/profiles/talent/?q=lin", INTAKE, staff=True),
    Shown("/admin/", MANAGER, staff=True),
    Shown("/admin/journey/tenant/?q=bio", MANAGER, staff=True),
    Shown("/admin/journey/tenant/board/", MANAGER, staff=True),
    Shown("/admin/journey/gate/?queue=under_way", MANAGER, staff=True),
    Shown("/admin/journey/problem/?open=yes", MANAGER, staff=True),
    Shown("/admin/review/round/", INTAKE, staff=True),
    Shown("/admin/review/round/{round}/change/", INTAKE, staff=True),
    Shown("/admin/review/round/{round}/results/", INTAKE, staff=True),
    Shown("/admin/review/meeting/", INTAKE, staff=True),
    Shown("/admin/policies/policy/?q=changchun", MANAGER, staff=True),
    Shown("/admin/policies/policyversion/{version}/change/", MANAGER, staff=True, both=True),
    Shown("/admin/policies/policyversion/{version}/reach/", MANAGER, staff=True),
    Shown("/admin/policies/policyversion/{written}/rule/", POLICY, staff=True, both=True),
    Shown("/admin/policies/release/", MANAGER, staff=True),
    Shown("/admin/policies/release/{release}/change/", MANAGER, staff=True),
    Shown("/admin/interpretation/question/", POLICY, staff=True),
    Shown("/admin/interpretation/coordination/", POLICY, staff=True),
    Shown("/admin/interpretation/article/measured/", MANAGER, staff=True),
    Shown("/admin/claims/claim/", POLICY, staff=True),
    Shown("/admin/claims/claim/{claim}/change/", POLICY, staff=True),
    Shown("/admin/claims/claim/take-up/", POLICY, staff=True),
    Shown("/admin/claims/budget/", FINANCE, staff=True),
    Shown("/admin/claims/claim/unpaid/", FINANCE, staff=True),
    Shown("/admin/webhooks/endpoint/", MANAGER, staff=True),
    Shown("/admin/notices/delivery/", MANAGER, staff=True),
    Shown("/admin/intermediaries/servicerequest/?state=taken", SERVICES, staff=True),
    Shown("/admin/intermediaries/institution/", SERVICES, staff=True),
]
BY_MAIL = [Shown("/departments/{question}/")]
PAGES = PUBLIC + APPLICANT + TENANT + REVIEW + STAFF + BY_MAIL
