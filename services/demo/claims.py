"""Claims of the demo park in every state, with the terms and fund lines behind them, made by the verbs."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.db.models.functions import Mod
from django.utils import timezone

from incubation.journey.models import Tenant
from park.accounts.models import User
from park.files.actions import receive
from park.files.models import Document
from park.notices.kinds import registered
from park.notices.models import Notice
from park.organisations.models import Membership, Role
from park.workflow.actions import MoveRefused
from park.workflow.calendar import beijing_day
from park.workflow.models import TransitionLog
from services.claims import actions, fitting, papers, upkeep
from services.claims.models import Budget, Claim
from services.claims.states import State
from services.policies import judging, matching
from services.policies.models import Policy, Verdict

from . import past
from .papers import pdf

# slug: how often, the benefit paid without application (place, yuan), the ceiling of its fund line in yuan
TERMS = {
    "ccxq-incremental-2025": ("yearly", None, 1_200_000),
    "returnee-startup-support": ("once", None, 2_000_000),
    "jilin-srdi-gradient-2022": ("once", (0, 50_000), 400_000),
}
NOTES = (
    "First recognition, certificate of this spring. The equipment is on the list of assets.",
    "The invoice and the bank slip are of the same month; the audit report follows.",
    "首次认定，证书及发票随附。",
    "用于中试线的粒料机和检测设备。",
)
ABSENT = ("The office issues it in December.", "证明正在办理，预计下月取得。", "It does not apply to our company.")
REASONS = {
    "return": "The business licence is cut off at the bottom, and the invoice names another company.",
    "reject": "The recognition was renewed, not given for the first time: this benefit is for first recognitions.",
    "ask_again": "The earlier certificate was of another company with a similar name. Please look again.",
    "uphold": "The register shows the earlier certificate under this credit code.",
    "claw_back": "The city paid for the same invoice in August.",
    "bounce": "The bank says that the account was closed in October.",
    "withdraw": "We claim it together with next year's equipment.",
}
CHECKED = ("send", "take", "verify")
PAID = (*CHECKED, "approve", "order", "pay")
# How often each state occurs, and the verbs that lead there.
PATHS = {
    State.DRAFT: ((), 2),
    State.SUBMITTED: (("send",), 2),
    State.VERIFYING: (("send", "take"), 1),
    "to decide": (CHECKED, 2),
    State.RETURNED: (("send", "take", "return"), 1),
    State.APPROVED: ((*CHECKED, "approve"), 2),
    State.PAYMENT_ORDERED: ((*CHECKED, "approve", "order"), 1),
    State.PAID: (PAID, 2),
    State.CLOSED: ((*PAID, "close"), 2),
    State.REJECTED: ((*CHECKED, "reject"), 1),
    State.RECONSIDERATION: ((*CHECKED, "reject", "ask_again"), 1),
    State.CLAWBACK: ((*PAID, "claw_back"), 1),
    State.RECOVERED: ((*PAID, "claw_back", "recover"), 1),
    State.WITHDRAWN: (("send", "withdraw"), 1),
    "came back": ((*CHECKED, "approve", "order", "bounce"), 1),
}
AHEAD = {State.CONFIRMED: ("confirm",), State.WITHDRAWN: ("withdraw",), State.LAPSED: ("lapse",),
         State.PAID: ("confirm", "order", "pay")}  # fmt: skip
MOMENTS = ("created_at", "sent_at", "approved_at", "rejected_at")
DAY = dt.timedelta(days=1)
PAPERS = 2  # that are on file of those asked for


def parts() -> int:
    """Return how often ``store`` tells how far it is."""
    return sum(count for _path, count in PATHS.values())


def store(rng: random.Random, staff: dict[str, User], first: list[Tenant], tell: Callable[[str], None]) -> None:
    """Store terms, fund lines and claims. ``first`` are the tenants of the demo's sign-ins: they have something too."""
    desk = Desk(rng, staff)
    for slug, (rhythm, ahead, ceiling) in TERMS.items():
        desk.open(slug, rhythm, ahead, ceiling)
    most = max(count for _path, count in PATHS.values())
    queue = [path for turn in range(most) for path, count in PATHS.values() if turn < count]  # one of each, then more
    places = desk.places(first, len(queue))
    for path, (tenant, policy, benefit) in zip(queue, places, strict=False):
        tell("claims")
        desk.claim(tenant, policy, benefit, path)
    for _ in range(len(queue) - len(places)):
        tell("claims")
    upkeep.approve_ahead()
    desk.go_on_with_what_stands_ready()
    let_them_have_read()


def let_them_have_read() -> None:
    """Say of two thirds of those who were told of a policy weeks ago that they read it, most within a week."""
    told = Notice.objects.filter(kind=matching.KIND, read_at=None, created_at__lt=timezone.now() - 9 * DAY)
    told = told.exclude(recipient__email__endswith="@company.example").annotate(part=Mod("recipient_id", 12))
    for part in range(8):
        told.filter(part=part).update(read_at=F("created_at") + DAY * (1 + part))


class Desk:
    """Who does what with the demo's claims."""

    def __init__(self, rng: random.Random, staff: dict[str, User]):
        self.rng = rng
        self.checker, self.decider = staff["policy@park.example"], staff["policy2@park.example"]
        self.third, self.payer = staff["manager@park.example"], staff["finance@park.example"]
        self.second_payer = staff["finance2@park.example"]
        self.kinds = [kind.name for kind in registered() if kind.name.startswith(("claim-", "benefit-"))]
        self.number = 0

    def open(self, slug: str, rhythm: str, ahead: tuple | None, ceiling: int) -> None:
        policy = Policy.objects.select_related("current").get(slug=slug)
        said = {"rhythm": rhythm}
        if ahead:
            said |= {"no_application": True, "standard_benefit": ahead[0], "standard_amount": Decimal(ahead[1])}
        actions.approve_terms(
            terms=actions.write_terms(policy=policy, by=self.checker, **said), by=self.decider
        )
        year = beijing_day(timezone.now()).year
        actions.open_budget(
            policy=policy, fund_line=f"{year}-{policy.pk:03}", name_en=f"{policy.current.title_en[:80]} {year}",
            name_zh_hans=f"{policy.current.title_zh_hans[:60]}（{year}年度）", ceiling=Decimal(ceiling), by=self.payer,
        )  # fmt: skip

    def places(self, first: list[Tenant], count: int) -> list[tuple]:
        """Return as many different costs that can be claimed, those of the demo's sign-ins before others."""
        found = []
        for slug, (_rhythm, ahead, _ceiling) in TERMS.items():
            if ahead:
                continue
            policy = fitting.policy_of(slug)
            words = [Verdict.Word.FITS, Verdict.Word.MAY_FIT]
            rows = matching.judged(policy.current).filter(word__in=words).order_by("word", "tenant")
            rows = rows.select_related("tenant__organisation", "tenant__talent__user", "tenant__enterprise")
            benefits = [benefit.place for benefit in fitting.benefits_of(policy.current) if benefit.ceiling][-3:]
            matches = judging.of_rows(policy.current, rows)
            found += [
                (row.tenant, policy, benefits[place % len(benefits)])
                for place, (row, match) in enumerate(zip(rows, matches, strict=True))
                if match.judgement.value is not False
            ]
        known = {tenant.pk for tenant in first}
        own = [each for each in found if each[0].pk in known]
        others = [each for each in found if each[0].pk not in known]
        self.rng.shuffle(others)
        return [*own, *others][:count]

    def claim(self, tenant: Tenant, policy: Policy, benefit: int, path: tuple[str, ...]) -> None:
        owner = self.owner_of(tenant)
        self.have_papers(tenant, owner, policy)
        claim = actions.begin_claim(tenant=tenant, policy=policy, benefit=benefit, by=owner)
        ceiling = int(fitting.benefit_at(policy.current, benefit).ceiling)
        amount = Decimal(self.rng.randint(ceiling // 4000, ceiling // 1000) * 1000)
        actions.fill(claim=claim, by=owner, amount=amount, note=self.rng.choice(NOTES))
        if path:
            actions.give_account(claim=claim, by=owner, **self.account_of(tenant))
            given = set(claim.papers.values_list("place", flat=True))
            for place in range(len(claim.wording.documents)):
                if place not in given:
                    why = self.rng.choice(ABSENT)
                    actions.leave_paper_out(claim=claim, by=owner, place=place, because=why)
        for step in path:
            try:
                self.do(step, claim, owner)
            except MoveRefused:
                break  # the fund line is empty, say: the claim stays where it is
        self.age(claim, owner)

    def have_papers(self, tenant: Tenant, owner: User, policy: Policy) -> None:
        """Let an owner have the first papers that a policy asks for on file, so that a claim can use them."""
        for words in policy.current.documents[:PAPERS]:
            kind = papers.kind_of(words)
            if kind == papers.OTHER or owner.documents.filter(kind=kind).exists():
                continue
            title, name = kind.replace("_", " ").capitalize(), str(tenant.organisation.name_en)
            content = pdf(title, name, "Demo park, fictitious")
            document = receive(owner, SimpleUploadedFile(f"{kind}.pdf", content, "application/pdf"), kind)
            since = timezone.now() - DAY * self.rng.randint(40, 300)
            Document.objects.filter(pk=document.pk).update(uploaded_at=since)

    def go_on_with_what_stands_ready(self) -> None:
        """Let some of what was approved ahead be confirmed, paid, withdrawn and lapse; the others stand ready."""
        ready = Claim.objects.filter(state=State.PRE_APPROVED).select_related(
            "tenant__organisation", "tenant__talent__user", "tenant__enterprise", "policy", "wording"
        )
        for claim, path in zip(ready.order_by("pk"), AHEAD.values(), strict=False):
            owner = self.owner_of(claim.tenant)
            for step in path:
                self.do(step, claim, owner)
            self.age(claim, owner)

    def do(self, step: str, claim: Claim, owner: User) -> None:
        note = REASONS.get(step, "")
        match step:
            case "send":
                actions.send(claim=claim, by=owner, declared=True)
            case "take":
                actions.take(claim=claim, by=self.checker)
            case "verify":
                line = Budget.objects.get(policy=claim.policy_id)
                share = self.rng.choice([Decimal(1), Decimal("0.8")])
                actions.verify(
                    claim=claim, by=self.checker, finding="supports", amount=claim.amount_asked * share, budget=line
                )
            case "return":
                actions.return_claim(claim=claim, by=self.checker, note=note)
            case "approve":
                actions.approve(claim=claim, by=self.decider)
            case "reject":
                actions.reject(claim=claim, by=self.decider, note=note)
            case "ask_again":
                actions.ask_again(claim=claim, by=owner, note=note)
            case "order":
                actions.order(claim=claim, by=self.payer)
            case "bounce":
                actions.bounce(claim=claim, by=self.payer, note=note)
            case "pay":
                self.number += 1
                actions.pay(claim=claim, by=self.second_payer, payment_ref=f"DEMO-{self.number:05}")
            case "close":
                actions.close(claim=claim, by=self.payer)
            case "claw_back":
                actions.claw_back(claim=claim, by=self.third, note=note)
            case "recover":
                actions.recover(claim=claim, by=self.payer, amount=claim.amount_paid)
            case "withdraw":
                actions.withdraw(claim=claim, by=owner, note=note)
            case "confirm":
                actions.confirm(claim=claim, by=owner, declared=True, **self.account_of(claim.tenant))
            case "lapse":
                actions.lapse(claim=claim, note="Nobody confirmed it within 20 working days.")

    def owner_of(self, tenant: Tenant) -> User:
        return Membership.objects.current().filter(organisation=tenant.organisation_id, role=Role.OWNER).first().user

    def account_of(self, tenant: Tenant) -> dict:
        name = tenant.organisation.name_zh_hans or tenant.organisation.name_en
        number = "2299" + "".join(str(self.rng.randint(0, 9)) for _ in range(14))
        return {"holder": name, "bank_name": "长春示范银行南湖支行", "number": number}

    def age(self, claim: Claim, owner: User) -> None:
        """Give a claim its place in the past: the further it went, the longer ago it began."""
        claim.refresh_from_db()
        steps = 1 + len(list(claim_steps(claim)))
        gap = DAY * self.rng.randint(2, 4)
        start = timezone.now() - gap * steps - dt.timedelta(hours=self.rng.randint(2, 40))
        moments = [start + gap * n for n in range(steps)]
        verdicts = [(verdict, ("judged_at",)) for verdict in claim.verdicts.all()]
        past.move(claim, moments, fields=MOMENTS, kinds=self.kinds, also=verdicts)
        if claim.paid_on:
            claim.refresh_from_db()
            paid = next(log.at for log in claim_steps(claim) if log.move == "pay")
            Claim.objects.filter(pk=claim.pk).update(paid_on=beijing_day(paid))


def claim_steps(claim: Claim):
    return TransitionLog.objects.of(claim).order_by("at", "pk")
