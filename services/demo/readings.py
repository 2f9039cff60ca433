"""The demo park's policies beside their text: versions on their way, departments asked, questions, voices on clarity.

The departments are the bodies that issued the policies; their addresses are invented. What they answer is made up too.
"""

import datetime as dt
import random

from django.db.models import F
from django.db.models.functions import Mod
from django.utils import timezone

from park.accounts.models import User
from park.notices.models import Notice
from services.interpretation import actions as readings
from services.interpretation.models import Clarity, Coordination, Department, Involvement, Question
from services.policies import actions as policies
from services.policies import matching
from services.policies.models import Policy, PolicyVersion

from . import past

AMENDED = "incubator-measures-2025"  # it is for parks, so nobody is told
ON_THEIR_WAY = {
    "wuzhong-talent-digital-2022": "draft",
    "yangpu-overseas-2009": "in_review",
    "suzhou-snd-leading-2020": "scheduled",
}
INVOLVED = (
    *ON_THEIR_WAY, AMENDED, "hnte-recognition", "rd-super-deduction", "jilin-talent-3-0",
    "changchun-optoelectronics-2023", "ccxq-incremental-2025", "tech-sme-evaluation", "k-visa",
)  # fmt: skip
SIGN_INS = r"^(tenant|member|scholar)[0-9]@"  # whose inboxes stay as they were filled
ASK = "请确认申报条件、支持额度和受理窗口是否与贵单位现行规定一致。"
QUESTIONS = (
    ("hnte-recognition", "condition", "Do our interns count among the staff in research and development?", "asked", 0),
    ("ccxq-incremental-2025", "practice", "我们的租赁合同是英文的，需要翻译件吗？", "late", 6),
    (
        "rd-super-deduction", "condition", "Does the salary of a founder who still lives abroad count as R&D expense?",
        "answered", 9,
    ),
    ("jilin-talent-3-0", "practice", "Where do we hand in the papers, and in which language?", "dropped", 12),
    ("hnte-recognition", "practice", "Which year's accounts have to be audited?", "published", 20),
    ("rd-super-deduction", "practice", "Do we have to apply before we deduct?", "published", 31),
    ("changchun-optoelectronics-2023", "condition", "Can two companies of one founder apply?", "published", 44),
)  # fmt: skip
TO_ONE = "Only if the company pays it and the founder works on the project: keep the contract and the time sheets."
ANSWERS = {
    "hnte-recognition": (
        "The three years before the application, or all years if the company is younger.",
        "哪一年度的财务报表需要审计？", "申报前三个会计年度；企业成立不足三年的，为全部年度。",
    ),
    "rd-super-deduction": (
        "No. You declare it yourselves with the tax return and keep the papers.",
        "加计扣除需要事先申请吗？", "不需要。企业在纳税申报时自行申报享受，相关资料留存备查。",
    ),
    "changchun-optoelectronics-2023": (
        "Each company is looked at by itself; the same cost is supported once only.",
        "同一创始人的两家企业可以都申报吗？", "各企业分别审核；同一笔费用只能支持一次。",
    ),
}  # fmt: skip


def store(staff: dict[str, User]) -> None:
    officer, second = staff["policy@park.example"], staff["policy2@park.example"]
    manager = staff["manager@park.example"]
    known = {policy.slug: policy for policy in Policy.objects.filter(slug__in=INVOLVED).select_related("current")}
    involve(known.values())
    for slug, state in ON_THEIR_WAY.items():
        on_its_way(known[slug], state, officer, second, manager)
    amend(known[AMENDED], officer, second, manager)
    ask(known, officer)
    listen(random.Random("voices on clarity"))


def involve(known) -> None:
    """Give each of these policies the body that issued it, and the park's own district office as who carries it out."""
    office, _new = Department.objects.get_or_create(
        name_zh_hans="园区政策兑现窗口", name_en="Window for policies of the park",
        email="window@dept.example", contact="Window 3",
    )  # fmt: skip
    for n, policy in enumerate(known):
        body, _new = Department.objects.get_or_create(
            name_zh_hans=policy.issuing_body_zh_hans[:200],
            defaults={"name_en": policy.issuing_body_en[:200], "email": f"policy{n + 1}@dept.example"},
        )
        Involvement.objects.create(policy=policy, department=body, role=Involvement.Role.ISSUES, asked=ASK)
        if policy.slug in ON_THEIR_WAY:
            Involvement.objects.create(policy=policy, department=office, asked=ASK)


def on_its_way(policy: Policy, state: str, officer: User, second: User, manager: User) -> None:
    """Draft the next version of a policy and take it as far as ``state``, its departments in every state on the way."""
    version = policies.draft_version(
        slug=policy.slug, about={}, by=officer,
        wording={"contact_en": "The policy desk of the park", "contact_zh_hans": "园区政策服务岗"},
    )  # fmt: skip
    if state == "draft":
        body = policy.involvements.first().department
        readings.ask(policy_version=version, department=body, asked=ASK, by=officer)
        long_ago = timezone.now() - dt.timedelta(days=30)  # its handbook is late
        PolicyVersion.objects.filter(pk=version.pk).update(created_at=long_ago)
        return
    policies.send_for_review(version=version, by=officer)
    first, last = Coordination.objects.filter(policy_version=version).order_by("pk")
    readings.answer(
        coordination=first, by=officer, note="条件无误；建议写明受理窗口的开放时间。", opinion="changes",
        answered_by="政策处",
    )  # fmt: skip
    past.move(last, [timezone.now() - dt.timedelta(days=8)], fields=("asked_at",), kinds=())
    if state == "in_review":
        return
    last.refresh_from_db()
    readings.note_silence(coordination=last, by=officer, note="两次电话联系未获答复，条件与上一版本相同。")
    extra = readings.ask(
        policy_version=version, department=Department.objects.exclude(coordinations__policy_version=version).first(),
        asked=ASK, by=officer,
    )  # fmt: skip
    readings.call_off(coordination=extra, by=officer, note="该单位不参与本政策的实施。")
    policies.approve(version=version, by=second)
    seen = policies.preview(version=version, by=manager)
    policies.schedule(version=version, by=manager, previewed=seen, at=timezone.now() + dt.timedelta(days=3))


def amend(policy: Policy, officer: User, second: User, manager: User) -> None:
    """Release a policy, and a newer version of it, so that the first is amended."""
    release(policy.current, manager)
    newer = policies.draft_version(
        slug=policy.slug, about={}, by=officer,
        wording={"contact_en": "The policy desk of the park", "contact_zh_hans": "园区政策服务岗"},
    )  # fmt: skip
    policies.send_for_review(version=newer, by=officer)
    for coordination in Coordination.objects.filter(policy_version=newer):
        readings.answer(
            coordination=coordination, by=officer, note="无意见。", opinion="agrees", answered_by="办公室"
        )
    policies.approve(version=newer, by=second)
    release(newer, manager)


def release(version: PolicyVersion, manager: User) -> None:
    seen = policies.preview(version=version, by=manager)
    made = policies.release(version=version, by=manager, previewed=seen)
    matching.run_release(made.pk)


def ask(known: dict[str, Policy], officer: User) -> None:
    """Let owners of tenants ask, and the desk answer as far as each question has come."""
    owners = list(User.objects.filter(email__regex=r"^tenant[1-5]@").order_by("email"))
    for n, (slug, topic, text, state, days) in enumerate(QUESTIONS):
        by = owners[n % len(owners)]
        question = readings.ask_question(policy=known[slug], by=by, topic=topic, text=text)
        moments = [timezone.now() - dt.timedelta(days=days)]
        if state in {"answered", "published"}:
            english, asked_zh, answer_zh = ANSWERS[slug] if state == "published" else (TO_ONE, "", "")
            readings.answer_question(question=question, by=officer, note=english)
            moments.append(moments[0] + dt.timedelta(days=1))
        if state == "published":
            readings.publish(
                question=question, by=officer, public_question_en=text, public_question_zh_hans=asked_zh,
                public_answer_en=english, public_answer_zh_hans=answer_zh,
            )  # fmt: skip
            moments.append(moments[1] + dt.timedelta(hours=2))
        if state == "dropped":
            readings.drop(question=question, by=by)
        if days:
            past.move(
                question, moments, fields=("asked_at", "answered_at", "published_at"),
                kinds=("question-asked", "question-answered"),
            )  # fmt: skip


def listen(rng: random.Random) -> None:
    """Let two in five of those told have read it, and readers say of twelve policies whether they were clear."""
    told = Notice.objects.filter(kind=matching.KIND, read_at=None).annotate(lot=Mod("recipient_id", 5))
    told = told.exclude(recipient__email__regex=SIGN_INS)
    for lot, hours in ((1, 5), (3, 29)):
        told.filter(lot=lot).update(read_at=F("created_at") + dt.timedelta(hours=hours))
    versions = Policy.objects.listed().order_by("slug").values_list("current", flat=True)[:12]
    Clarity.objects.bulk_create(
        Clarity(version_id=version, voter=f"{n:064d}", clear=rng.random() < 0.8)
        for version in versions
        for n in range(rng.randint(3, 30))
    )


def states() -> dict[str, set[str]]:
    """Return in which states the demo has what this file stores."""
    return {
        "version": set(PolicyVersion.objects.values_list("state", flat=True)),
        "coordination": set(Coordination.objects.values_list("state", flat=True)),
        "question": set(Question.objects.values_list("state", flat=True)),
    }
