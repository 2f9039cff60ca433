"""Ties between an expert and an applicant that the park's own records show. Read afresh each time they matter."""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from enterprises.growth.models import FinancingRound
from enterprises.registry.models import Founder
from incubation.intake.models import Application, CoApplicant, Revision
from park.organisations.models import Membership
from park.workflow.access import same_person
from talents.profiles.models import Stay, Talent
from talents.profiles.names import syllables

from .models import Expert
from .states import Conflict

MEMORY = dt.timedelta(days=3 * 365)
LEGAL = re.compile(r"\b(co|ltd|inc|gmbh|llc|limited|company|corporation|corp)\b|(有限责任|股份有限|有限)?公司")
LONG = {True: 4, False: 8}  # letters from which one name inside another counts, in Chinese and in Latin letters


@dataclass(frozen=True)
class Flag:
    """One tie, and what the records say."""

    kind: str
    detail: str

    @property
    def label(self) -> str:
        return str(Conflict(self.kind).label)


def plain(text: str) -> str:
    """Return a name as it is compared: one width, small letters, no marks, no legal form."""
    text = unicodedata.normalize("NFKC", text or "").casefold()
    return re.sub(r"[\W_]+", "", LEGAL.sub(" ", text))


def alike(one: str, other: str) -> bool:
    """Tell whether two names of organisations or places mean the same."""
    one, other = plain(one), plain(other)
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in short)
    return short == long or (len(short) >= LONG[chinese] and short in long)


def person_forms(name: str, name_zh: str = "") -> set[str]:
    """Return the ways in which a person's name is written, without order: Zhao Ming and Ming Zhao are one."""
    forms = set()
    for text in (name, name_zh):
        text = unicodedata.normalize("NFKC", text or "").casefold().strip()
        if not text:
            continue
        if re.search(r"[\u4e00-\u9fff]", text):
            forms.add(re.sub(r"\s", "", text))
            text = " ".join(syllables(re.sub(r"\s", "", text)))
        tokens = re.findall(r"\w+", text)
        if len(tokens) > 1:
            forms.add(" ".join(sorted(tokens)))
    return forms


def family_name(name: str, name_zh: str) -> str:
    """Return the family name in pinyin or small Latin letters."""
    if name_zh:
        return syllables(name_zh)[0]
    tokens = re.findall(r"\w+", (name or "").casefold())
    return tokens[-1] if tokens else ""


@dataclass
class Side:
    """What the records say of one side."""

    people: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    employers: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    investors: list[str] = field(default_factory=list)
    organisations: set[int] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    together: list = field(default_factory=list)  # users who apply: the applicant, and who did beside them at any time


def flags(experts: Iterable[Expert], applications: Iterable[Application]) -> dict[tuple[int, int], list[Flag]]:
    """Return the ties of these experts and applications, by (expert, application). The questions asked do not grow."""
    experts, applications = list(experts), list(applications)
    readers = get_user_model().objects.with_perm("intake.view_application")
    inside = set(readers.filter(pk__in=[expert.user_id for expert in experts]).values_list("pk", flat=True))
    theirs = {expert.pk: _of_expert(expert) for expert in experts}
    _join_organisations(theirs, {expert.user_id: expert.pk for expert in experts})
    sides = _of_applications(applications)
    found = {}
    for expert in experts:
        for application in applications:
            ties = list(_between(expert, theirs[expert.pk], application, sides[application.pk]))
            if expert.user_id in inside:
                ties.append(Flag(Conflict.INSIDE, str(expert)))
            if ties:
                found[expert.pk, application.pk] = ties
    return found


def _of_expert(expert: Expert) -> Side:
    user = expert.user
    return Side(
        people=set().union(*(person_forms(name) for name in expert.coauthors)),
        families={family_name(user.name, user.name_zh)} - {""},
        employers=[expert.employer, *expert.organisations],
        investors=list(expert.invested_in),
        addresses=[expert.address],
    )


def _join_organisations(sides: dict[int, Side], by_user: dict[int, int]) -> None:
    rows = Membership.objects.filter(user__in=by_user, ended_at=None).values_list("user", "organisation")
    for user, organisation in rows:
        sides[by_user[user]].organisations.add(organisation)
    rows = Founder.objects.filter(talent__user__in=by_user).values_list("talent__user", "enterprise__organisation")
    for user, organisation in rows:
        sides[by_user[user]].organisations.add(organisation)


def _of_applications(applications: list[Application]) -> dict[int, Side]:
    """Return what the records say of all who apply: of those beside the applicant as of the applicant."""
    sides = {application.pk: Side() for application in applications}
    by_user, by_talent = defaultdict(set), defaultdict(set)
    for application in applications:
        talent = application.talent
        by_talent[talent.pk].add(application.pk)
        _name(sides[application.pk], talent)
        if talent.user:
            by_user[talent.user_id].add(application.pk)
            _name(sides[application.pk], talent.user)
            sides[application.pk].together.append(talent.user)
    for partner in CoApplicant.objects.filter(application__in=sides).select_related("user"):
        by_user[partner.user_id].add(partner.application_id)
        _name(sides[partner.application_id], partner.user)
        sides[partner.application_id].together.append(partner.user)
    for talent in Talent.objects.filter(user__in=by_user).exclude(pk__in=list(by_talent)):
        by_talent[talent.pk] = set(by_user[talent.user_id])
        for side in _all(sides, by_talent[talent.pk]):
            _name(side, talent)

    recent = timezone.localdate() - MEMORY
    for talent, place, ended in Stay.objects.filter(talent__in=by_talent).values_list("talent", "place", "ended_on"):
        if ended is None or ended >= recent:
            for side in _all(sides, by_talent[talent]):
                side.employers.append(place)
    founded = Founder.objects.filter(talent__in=by_talent).select_related("enterprise__organisation")
    enterprises = defaultdict(set)
    for founder in founded:
        enterprises[founder.enterprise_id] |= by_talent[founder.talent_id]
        for side in _all(sides, by_talent[founder.talent_id]):
            _works_for(side, founder.enterprise.organisation)
    members = Membership.objects.filter(user__in=by_user, ended_at=None).select_related("organisation")
    for membership in members:
        for side in _all(sides, by_user[membership.user_id]):
            _works_for(side, membership.organisation)
    rounds = FinancingRound.objects.filter(enterprise__in=enterprises).exclude(investor="")
    for enterprise, investor in rounds.values_list("enterprise", "investor"):
        for side in _all(sides, enterprises[enterprise]):
            side.investors.append(investor)
    sent = Revision.objects.filter(Q(application__in=sides) | Q(application__talent__in=list(by_talent)))
    sent = sent.order_by("application", "-number").distinct("application").select_related("application")
    for revision in sent:
        told = {revision.application_id} & set(sides) or by_talent[revision.application.talent_id]
        for key, value in _told(revision.answers):
            for side in _all(sides, told):
                if "address" in key:
                    side.addresses.append(value)
                elif "employer" in key or "company_name" in key:
                    side.employers.append(value)
    return sides


def _all(sides: dict[int, Side], keys: Iterable[int]) -> list[Side]:
    return [sides[key] for key in keys]


def _name(side: Side, person) -> None:
    side.people |= person_forms(person.name, person.name_zh)
    side.families |= {family_name(person.name, person.name_zh)} - {""}


def _works_for(side: Side, organisation) -> None:
    side.organisations.add(organisation.pk)
    side.companies += filter(None, [organisation.name_en, organisation.name_zh_hans])


def _told(answers, key: str = "") -> Iterable[tuple[str, str]]:
    """Return each text of the answers with the name of its question, those in repeated entries too."""
    if isinstance(answers, dict):
        for name, value in answers.items():
            yield from _told(value, name)
    elif isinstance(answers, list):
        for value in answers:
            yield from _told(value, key)
    elif isinstance(answers, str):
        yield key, answers


def _between(expert: Expert, his: Side, application: Application, theirs: Side):
    if any(same_person(expert.user, user) for user in theirs.together):
        yield Flag(Conflict.SELF, str(expert))
    for own in filter(None, his.employers):
        for place in [*theirs.employers, *theirs.companies]:
            if alike(own, place):
                yield Flag(Conflict.EMPLOYER, f"{own} = {place}")
    for own in his.investors:
        if any(alike(own, name) for name in theirs.companies) or alike(own, application.title):
            yield Flag(Conflict.INVESTOR, own)
    for own in filter(None, his.employers):
        if any(alike(own, investor) for investor in theirs.investors):
            yield Flag(Conflict.INVESTOR, own)
    if his.people & theirs.people:
        yield Flag(Conflict.COAUTHOR, str(application.talent))
    if his.organisations & theirs.organisations:
        yield Flag(Conflict.ENTERPRISE, str(application.talent))
    same_address = any(plain(one) and plain(one) == plain(two) for one in his.addresses for two in theirs.addresses)
    if his.families & theirs.families and same_address:
        yield Flag(Conflict.FAMILY, his.addresses[0])
