"""Which people and which projects look like one: found by the database, each with a score and what speaks for it.

Signs are weighed one by one and put together as chances are: two weak signs make a stronger one, and no sum passes one.
Only what officers have not judged yet is suggested.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.files.models import Document
from park.workflow.access import mailbox
from talents.profiles.models import Talent

from .models import Application, Likeness

ENOUGH = 0.5  # from this score on two records are shown as alike
SHOWN = 8
SIGNS = {  # what each sign weighs at full strength, and its words
    "passport": (0.98, gettext_lazy("the same passport or identity card")),
    "mailbox": (0.9, gettext_lazy("the same mailbox")),
    "born": (0.6, gettext_lazy("born on the same day")),
    "name_zh": (0.5, gettext_lazy("the same Chinese name")),
    "name": (0.55, gettext_lazy("the name, letter by letter or in pinyin")),
    "title": (0.95, gettext_lazy("the title of the project")),
    "company": (0.6, gettext_lazy("the same company")),
    "person": (0.4, gettext_lazy("the same person")),
}

# The name is compared as it stands, and as pinyin without its tones; "born" counts only beside a name.
PEOPLE = """
WITH alike AS (
    SELECT id FROM profiles_talent WHERE name %% %(name)s OR name %% %(pinyin)s
    UNION SELECT id FROM profiles_talent WHERE name_sort %% %(sort)s OR name_sort %% %(name)s
    UNION SELECT id FROM profiles_talent WHERE %(name_zh)s <> '' AND name_zh = %(name_zh)s
    UNION SELECT talent.id FROM profiles_talent talent JOIN accounts_user account ON account.id = talent.user_id
        WHERE %(local)s <> '' AND starts_with(lower(account.email), %(local)s)
        AND regexp_replace(lower(account.email), '\\+[^@]*@', '@') = %(mailbox)s
    UNION SELECT talent.id FROM profiles_talent talent JOIN files_document paper ON paper.owner_id = talent.user_id
        WHERE paper.kind = 'passport' AND paper.sha256 = ANY(%(passports)s)
)
SELECT talent.id,
    EXISTS (SELECT FROM files_document paper WHERE paper.owner_id = talent.user_id AND paper.kind = 'passport'
        AND paper.sha256 = ANY(%(passports)s)) AS passport,
    coalesce(regexp_replace(lower(account.email), '\\+[^@]*@', '@') = %(mailbox)s, false) AS mailbox,
    coalesce(talent.born_on = %(born_on)s::date, false) AS born,
    %(name_zh)s <> '' AND talent.name_zh = %(name_zh)s AS name_zh,
    greatest(similarity(talent.name, %(name)s), similarity(talent.name, %(pinyin)s),
        similarity(regexp_replace(talent.name_sort, '[0-9]', '', 'g'), %(pinyin)s),
        similarity(regexp_replace(talent.name_sort, '[0-9]', '', 'g'), %(name)s)) AS name
FROM alike JOIN profiles_talent talent USING (id) LEFT JOIN accounts_user account ON account.id = talent.user_id
WHERE talent.id <> %(id)s AND talent.id <> ALL(%(judged)s)
"""
PROJECTS = """
WITH companies AS (
    SELECT enterprise_id FROM registry_founder WHERE talent_id = %(talent)s
), alike AS (
    SELECT id FROM intake_application WHERE %(title)s <> '' AND title %% %(title)s
    UNION SELECT application.id FROM intake_application application
        JOIN registry_founder founder ON founder.talent_id = application.talent_id
        WHERE founder.enterprise_id IN (SELECT enterprise_id FROM companies)
    UNION SELECT id FROM intake_application WHERE talent_id = %(talent)s
)
SELECT application.id,
    similarity(application.title, %(title)s) AS title,
    application.talent_id <> %(talent)s AND EXISTS (
        SELECT FROM registry_founder founder WHERE founder.talent_id = application.talent_id
        AND founder.enterprise_id IN (SELECT enterprise_id FROM companies)) AS company,
    application.talent_id = %(talent)s AS person
FROM alike JOIN intake_application application USING (id)
WHERE application.submitted_at IS NOT NULL AND application.id <> %(id)s AND application.id <> ALL(%(judged)s)
"""


@dataclass(frozen=True)
class Alike:
    """One record that looks like another: how much, and why. ``record`` is a Talent or an Application."""

    record: object
    score: float
    why: tuple[str, ...]

    @property
    def per_cent(self) -> int:
        return round(self.score * 100)


def people_like(talent: Talent) -> list[Alike]:
    """Return who may be the same person, the likeliest first: three questions of the database, whoever it is."""
    name, pinyin = talent.name.strip().lower(), re.sub(r"\d", "", talent.name_sort)
    email = talent.user.email.lower() if talent.user else ""
    passports = Document.objects.filter(owner=talent.user_id, kind="passport") if talent.user_id else []
    rows = _ask(
        PEOPLE, id=talent.pk, name=name, pinyin=pinyin, sort=talent.name_sort, name_zh=talent.name_zh.strip(),
        mailbox=mailbox(email) if email else "", local=re.split(r"[+@]", email)[0], born_on=talent.born_on,
        passports=[paper.sha256 for paper in passports],
        judged=[each.other_than(talent.pk) for each in Likeness.objects.of_person(talent.pk)],
    )  # fmt: skip
    for row in rows:
        row["born"] = row["born"] and row["name"] > 0.3  # half the park is born on somebody's day
    return _best(rows, Talent.objects.select_related("user"))


def projects_like(application: Application) -> list[Alike]:
    """Return which applications may be of the same project, the likeliest first."""
    rows = _ask(
        PROJECTS, id=application.pk, title=application.title.strip().lower(), talent=application.talent_id,
        judged=[each.other_than(application.pk) for each in Likeness.objects.of_project(application.pk)],
    )  # fmt: skip
    return _best(rows, Application.objects.select_related("talent"))


def same_people(talent: Talent) -> list[Talent]:
    """Return the other records that officers said are this person."""
    said = Likeness.objects.of_person(talent.pk).filter(answer=Likeness.Answer.SAME)
    return list(Talent.objects.filter(pk__in=[each.other_than(talent.pk) for each in said]).order_by("pk"))


def same_projects(application: Application) -> list[Application]:
    said = Likeness.objects.of_project(application.pk).filter(answer=Likeness.Answer.SAME)
    others = Application.objects.filter(pk__in=[each.other_than(application.pk) for each in said])
    return list(others.select_related("talent").order_by("pk"))


def _ask(statement: str, **values) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _best(rows: Iterable[dict], records) -> list[Alike]:
    weighed = [(row["id"], *weigh({name: row[name] for name in row if name != "id"})) for row in rows]
    best = sorted((each for each in weighed if each[1] >= ENOUGH), key=lambda each: (-each[1], each[0]))[:SHOWN]
    found = records.in_bulk([pk for pk, _score, _why in best])
    return [Alike(found[pk], score, why) for pk, score, why in best]


def weigh(signs: dict[str, float | bool]) -> tuple[float, tuple[str, ...]]:
    """Return how likely two records are one, and the words for each sign that counts."""
    doubt, why = 1.0, []
    for name, strength in signs.items():
        weight, words = SIGNS[name]
        if strength < 0.35:
            continue
        doubt *= 1 - weight * float(strength)
        likeness = {"sign": words, "per_cent": round(strength * 100)}
        why.append(str(words) if strength is True else _("%(sign)s (%(per_cent)s%% alike)") % likeness)
    return 1 - doubt, tuple(why)
