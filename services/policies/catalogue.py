"""Policies from a file into the park: entries as in ``policies.yaml``, loaded through the same verbs as by hand.

Loading twice changes nothing; an entry that became another is loaded as the next version.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction

from park.rules.tree import from_eligibility

from . import actions
from .models import Policy, PolicyVersion
from .states import LISTED
from .status import closes_at


@dataclass
class Counts:
    """What a load did: policies that are new, that got a new version, and that were there already."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


def read(source: str | Path | Mapping) -> list[dict]:
    """Return the entries of a file, or of what was read from one."""
    if not isinstance(source, Mapping):
        source = yaml.load(Path(source).read_bytes(), yaml.CSafeLoader)
    return list(source["policies"])


@transaction.atomic
def load(source: str | Path | Mapping, *, author, reviewer, prepare: Callable = lambda version, by: None) -> Counts:
    """Draft, send and approve every entry that is new or became another, as these two people. Nothing is released.

    ``prepare(version, by)`` writes what other rooms keep beside a draft before it is sent.
    """
    entries, counts = read(source), Counts()
    loaded = PolicyVersion.objects.filter(state__in=LISTED).order_by("policy", "-number").distinct("policy")
    known = dict(loaded.values_list("policy__slug", "digest"))  # the newest: another may be released as yet
    for entry in entries:
        digest = hashlib.sha256(json.dumps(entry, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
        if known.get(entry["slug"]) == digest:
            counts.unchanged += 1
            continue
        version = actions.draft_version(
            slug=entry["slug"], about=about(entry), wording=wording(entry) | {"digest": digest}, by=author
        )
        actions.set_cases(version=version, cases=cases_of(entry), by=author)
        prepare(version, author)
        actions.send_for_review(version=version, by=author)
        actions.approve(version=version, by=reviewer)
        if entry["slug"] in known:
            counts.changed += 1
        else:
            counts.new += 1
    if counts.new or counts.changed:
        _link(entries)
    return counts


@cache
def golden() -> dict[str, list[dict]]:
    """Return the golden cases that were checked by hand, by the address name of their policy."""
    return yaml.load((Path(__file__).parent / "data" / "golden_cases.yaml").read_bytes(), yaml.CSafeLoader)


def cases_of(entry: Mapping) -> list[dict]:
    """Return the golden cases of an entry: its own, or those that stand in the file."""
    return [
        {
            "name_en": case["name"]["en"],
            "name_zh_hans": case["name"]["zh"],
            "facts": case["facts"],
            "expected": case["expected"],
            "source": case.get("source") or (entry["document_no"] or entry["source"]["document"] or ""),
        }
        for case in entry.get("cases") or golden().get(entry["slug"], ())
    ]


def about(entry: Mapping) -> dict:
    """Return what of an entry belongs to the policy itself."""
    return {
        "document_no": entry["document_no"] or "",
        "level": entry["level"],
        "region": entry["region"],
        "kind": entry["kind"],
        "applicant": entry["applicant"],
        "issuing_body_en": entry["issuing_body"]["en"],
        "issuing_body_zh_hans": entry["issuing_body"]["zh"],
        "issued_on": _day(entry["issue_date"]),
        "tags": list(entry["tags"]),
        "source_document": entry["source"]["document"] or "",
        "source_url": entry["source"]["url"] or "",
        "confidence": entry["confidence"],
        "approximate_dates": list(entry["approx_dates"]),
    }


def wording(entry: Mapping) -> dict:
    """Return what of an entry belongs to a version."""
    deadline = _day(entry["deadline"])
    decides = {"en": entry["issuing_body"]["en"], "zh": entry["issuing_body"]["zh"]}
    return {
        "contact_en": f"The policy desk of the park; {decides['en']} decides.",
        "contact_zh_hans": f"园区政策服务岗；由{decides['zh']}作出决定。",
        "is_standing": not (entry["valid_from"] or entry["valid_to"] or deadline),
        "title_en": entry["title_en"],
        "title_zh_hans": entry["title_zh"],
        "summary_en": entry["summary_en"],
        "summary_zh_hans": entry["summary_zh"],
        "rule": from_eligibility(entry["eligibility"]),
        "benefits": entry["benefit"],
        "documents": entry["documents"],
        "steps": entry["steps"],
        "notes_en": entry["guess_notes"] or "",
        "notes_zh_hans": entry.get("guess_notes_zh") or "",
        "valid_from": _day(entry["valid_from"]),
        "valid_until": _day(entry["valid_to"]),
        "deadline": closes_at(deadline) if deadline else None,
        "compiler_status": entry["status"],
    }


def _day(text: str | dt.date | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if isinstance(text, str) else text


def _link(entries: list[dict]) -> None:
    """Say which policy needs or replaces which. Names that are no policy of the park are left out."""
    ids = dict(Policy.objects.values_list("slug", "pk"))
    for field in ("depends_on", "supersedes"):
        through = getattr(Policy, field).through
        pairs = [(ids[entry["slug"]], ids[other]) for entry in entries for other in entry[field] if other in ids]
        through.objects.filter(from_policy__in=[ids[entry["slug"]] for entry in entries]).delete()
        through.objects.bulk_create(
            [through(from_policy_id=here, to_policy_id=there) for here, there in pairs], ignore_conflicts=True
        )
