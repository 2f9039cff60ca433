"""A rule's JSON changed step by step, and laid out as cards: each function takes a rule and returns another one.

A place is the path that problems and findings name: ``all.2.any.0``, ``all.2.when.0``, ``all.2.also.1``; the root is
``""``. What a step does not touch stays as it was, to the letter.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from park.rules import words
from park.rules.linter import Finding
from park.rules.tree import BRANCHES, VERSION, RuleError, parse
from park.rules.vocabulary import Vocabulary

JOINS = ("all", "any")
PARTS = ("when", "also")


class NoSuchPlace(LookupError):
    """The rule has nothing there, or the step cannot be taken there."""


def opened(rule: Mapping) -> dict:
    """Return a rule as the steps take it: a root that is no list of conditions becomes the only one of a list."""
    if any(isinstance(rule.get(join), list) for join in JOINS):
        return deepcopy(dict(rule))
    node = {key: deepcopy(value) for key, value in rule.items() if key != "version"}
    return {"version": VERSION, "all": [node] if node else []}


def steps(place: str) -> list[str | int]:
    return [int(step) if step.isdecimal() else step for step in place.split(".") if step]


def at(rule, place: str):
    """Return what stands at a place. Raises NoSuchPlace."""
    found = rule
    for step in steps(place):
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            raise NoSuchPlace(place) from None
    return found


def node_at(rule, place: str) -> dict:
    """Return the condition, test or group at a place."""
    found = at(rule, place)
    if not isinstance(found, dict):
        raise NoSuchPlace(place)
    return found


def _split(place: str) -> tuple[str, str | int]:
    holder, _dot, last = place.rpartition(".")
    if not last:
        raise NoSuchPlace(place)
    return holder, steps(last)[0]


def _list_at(rule, place: str) -> list:
    found = at(rule, place)
    if not isinstance(found, list):
        raise NoSuchPlace(place)
    return found


# --- Steps ------------------------------------------------------------------------------------------------------------
def put(rule: Mapping, place: str, node: dict) -> dict:
    """Put a condition in the place of another."""
    changed = opened(rule)
    holder, last = _split(place)
    node_at(changed, place)
    at(changed, holder)[last] = node
    return changed


def added(rule: Mapping, holder: str, node: dict) -> tuple[dict, str]:
    """Add a condition at the end of a list, ``when`` and ``also`` included; return the rule and its place."""
    changed = opened(rule)
    owner, last = _split(holder)
    whole = node_at(changed, owner)
    if last in PARTS and "fact" in whole:
        there = whole.get(last)
        whole[last] = list(there) if isinstance(there, list) else [there] if there else []
    elif last not in JOINS or last not in whole:
        raise NoSuchPlace(holder)
    entries = _list_at(changed, holder)
    entries.append(node)
    return changed, f"{holder}.{len(entries) - 1}"


def removed(rule: Mapping, place: str) -> dict:
    """Take a condition or group out; what asks for nothing without it goes with it."""
    changed = opened(rule)
    _take_out(changed, place)
    return changed


def _take_out(rule: dict, place: str) -> None:
    node_at(rule, place)
    holder, last = _split(place)
    if last == "not":
        return _take_out(rule, holder)
    if isinstance(last, str):
        at(rule, holder).pop(last)
        return None
    entries = _list_at(rule, holder)
    entries.pop(last)
    owner, name = _split(holder)
    if not entries and name in PARTS:
        at(rule, owner).pop(name)
    return None


def moved(rule: Mapping, place: str, by: int) -> tuple[dict, str]:
    """Move an entry up (-1) or down (1) in its list; return the rule and the new place."""
    changed = opened(rule)
    holder, last = _split(place)
    entries = _list_at(changed, holder)
    if not isinstance(last, int) or not (0 <= last < len(entries) and 0 <= last + by < len(entries)):
        raise NoSuchPlace(place)
    entries[last], entries[last + by] = entries[last + by], entries[last]
    return changed, f"{holder}.{last + by}"


def carried_in(rule: Mapping, place: str) -> tuple[dict, str]:
    """Carry an entry to the end of the group that stands before it."""
    changed = opened(rule)
    holder, last = _split(place)
    join = group_before(changed, place)
    if join is None:
        raise NoSuchPlace(place)
    entries = _list_at(changed, holder)
    group = entries[last - 1][join]
    group.append(entries.pop(last))
    return changed, f"{holder}.{last - 1}.{join}.{len(group) - 1}"


def carried_out(rule: Mapping, place: str) -> tuple[dict, str]:
    """Carry an entry out of its group, to stand after it; a group that is left empty goes."""
    changed = opened(rule)
    outer = list_around(changed, place)
    if outer is None:
        raise NoSuchPlace(place)
    holder, last = _split(place)
    entries, at_group = _list_at(changed, outer[0]), outer[1]
    node = _list_at(changed, holder).pop(last)
    entries.insert(at_group + 1, node)
    if not _list_at(changed, holder):
        entries.pop(at_group)
        return changed, f"{outer[0]}.{at_group}"
    return changed, f"{outer[0]}.{at_group + 1}"


def group_before(rule: Mapping, place: str) -> str | None:
    """Return how the group just before an entry joins, None where there is no group."""
    holder, last = _split(place)
    if not isinstance(last, int) or last < 1 or holder.endswith("also"):
        return None
    before = at(rule, f"{holder}.{last - 1}")
    return next((join for join in JOINS if isinstance(before.get(join), list)), None)


def list_around(rule: Mapping, place: str) -> tuple[str, int] | None:
    """Return the list in which the group of an entry stands, and where in it; None where it cannot leave its group."""
    holder, last = _split(place)
    if not isinstance(last, int) or not holder or holder.rpartition(".")[2] in PARTS:
        return None
    group = holder.rpartition(".")[0]  # all.2 of all.2.any
    if not group:
        return None
    outer, number = _split(group)
    return (outer, number) if isinstance(number, int) else None


def wrapped(rule: Mapping, place: str, kind: str) -> dict:
    """Put a group round a condition: all, any or not."""
    if kind not in BRANCHES or place.rpartition(".")[0].endswith("also"):
        raise NoSuchPlace(place)
    changed = opened(rule)
    node = node_at(changed, place)
    return put(changed, place, {"not": node} if kind == "not" else {kind: [node]})


def unwrapped(rule: Mapping, place: str) -> dict:
    """Take a group away and leave what it held in its place."""
    changed = opened(rule)
    group = node_at(changed, place)
    holder, last = _split(place)
    if "not" in group:
        return put(changed, place, group["not"])
    held = next((group[join] for join in JOINS if join in group), None)
    if held is None:
        raise NoSuchPlace(place)
    if isinstance(last, int):
        entries = _list_at(changed, holder)
        entries[last : last + 1] = held
    elif len(held) == 1:
        at(changed, holder)[last] = held[0]
    elif last == "when" and "all" in group:
        at(changed, holder)[last] = held
    else:
        raise NoSuchPlace(place)
    return changed


def turned(rule: Mapping, place: str) -> dict:
    """Turn "all of these" into "one of these", or back."""
    changed = opened(rule)
    group = node_at(changed, place)
    join = next((join for join in JOINS if isinstance(group.get(join), list)), None)
    if join is None:
        raise NoSuchPlace(place)
    other = "any" if join == "all" else "all"
    renamed = {other if key == join else key: value for key, value in group.items()}
    group.clear()
    group.update(renamed)
    return changed


# --- Cards ------------------------------------------------------------------------------------------------------------
@dataclass
class Card:
    """A place of a rule as a page shows it. ``kind``: all, any, not, criterion (of the rule) or test (of a part)."""

    place: str
    kind: str
    data: dict
    sentence: str = ""
    children: list["Card"] = field(default_factory=list)
    when: list["Card"] = field(default_factory=list)
    also: list["Card"] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    steps: frozenset[str] = frozenset()  # what can be done with it besides changing it

    @property
    def anchor(self) -> str:
        return f"at-{self.place.replace('.', '-')}"

    @property
    def list_place(self) -> str:
        """Return where a condition is added: the list that this group is."""
        return f"{self.place}.{self.kind}".lstrip(".")

    @property
    def when_place(self) -> str:
        return f"{self.place}.when"

    @property
    def also_place(self) -> str:
        return f"{self.place}.also"

    @property
    def below(self) -> list["Card"]:
        return [*self.when, *self.also, *self.children]

    def everything(self) -> Iterable["Card"]:
        yield self
        for card in self.below:
            yield from card.everything()


def cards(rule: Mapping, vocabulary: Vocabulary, findings: Iterable[Finding] = ()) -> Card:
    """Return a rule as cards within cards, each with what the linter found at it."""
    data = opened(rule)
    root = _card(data, data, "", vocabulary, counted=True)
    by_place = {card.place: card for card in root.everything()}
    for finding in findings:
        place = finding.path
        while place not in by_place:
            place = place.rpartition(".")[0]
        by_place[place].findings.append(finding)
    return root


def _card(rule: dict, node: dict, place: str, vocabulary: Vocabulary, *, counted: bool) -> Card:
    if "fact" in node:
        card = Card(place, "criterion" if counted else "test", node, said(node, vocabulary))
        card.also = [
            _card(rule, each, f"{place}.also.{i}", vocabulary, counted=False)
            for i, each in enumerate(node.get("also") or ())
        ]
        when = node.get("when")
        if isinstance(when, list):
            card.when = [
                _card(rule, each, f"{place}.when.{i}", vocabulary, counted=False) for i, each in enumerate(when)
            ]
        elif when:
            card.when = [_card(rule, when, f"{place}.when", vocabulary, counted=False)]
    else:
        kind = next(branch for branch in BRANCHES if branch in node)
        held = (
            [(f"{place}.not", node["not"])]
            if kind == "not"
            else [(f"{place}.{kind}.{i}", each) for i, each in enumerate(node[kind])]
        )
        card = Card(place, kind, node)
        card.children = [_card(rule, each, path.lstrip("."), vocabulary, counted=counted) for path, each in held]
    card.steps = _steps_of(rule, card)
    return card


def _steps_of(rule: dict, card: Card) -> frozenset[str]:
    """Return what can be done with a card where it stands."""
    if not card.place:
        return frozenset({"turn"})
    holder, last = _split(card.place)
    can = {"remove"}
    if isinstance(last, int):
        many = len(at(rule, holder))
        can |= ({"up"} if last else set()) | ({"down"} if last + 1 < many else set())
        can |= {"in"} if group_before(rule, card.place) else set()
        can |= {"out"} if list_around(rule, card.place) else set()
    if not holder.endswith("also"):
        can |= {"wrap_all", "wrap_any", "wrap_not"}
    if card.kind in JOINS:
        alone = isinstance(last, int) or len(card.children) == 1
        can |= {"turn"} | ({"unwrap"} if alone or (last == "when" and card.kind == "all") else set())
    elif card.kind == "not":
        can |= {"unwrap"}
    return frozenset(can)


def said(node: Mapping, vocabulary: Vocabulary) -> str:
    """Return a single test in words, without what else its condition asks for."""
    bare = {key: node[key] for key in ("fact", "op", "value") if key in node}
    try:
        return words.test(parse({"version": VERSION, "all": [bare]}, vocabulary).criteria[0].test)
    except RuleError as refusal:
        return str(refusal)
