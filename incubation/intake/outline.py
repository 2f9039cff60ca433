"""Changes of a form as data: put, add, move and remove an entry. Each gives a new form and leaves the old one alone.

An entry is named by its path, the keys from the part down: ``you.personal.name``.
"""

import copy

from .definition import Definition, Entry, Field, Paper, Part, Task


class NoSuchEntry(LookupError):
    """The form has no entry of this path (any more)."""


def siblings(data: dict, path: str) -> tuple[list, int]:
    """Return the list in which an entry stands, and its place there."""
    *above, key = path.split(".")
    entries = children(data, ".".join(above))
    place = next((place for place, entry in enumerate(entries) if entry["key"] == key), None)
    if place is None:
        raise NoSuchEntry(path)
    return entries, place


def found(data: dict, path: str) -> dict:
    entries, place = siblings(data, path)
    return entries[place]


def children(data: dict, path: str) -> list:
    """Return the list of what stands in an entry; '' is the form itself."""
    if not path:
        return data.setdefault("parts", [])
    entry, depth = found(data, path), path.count(".")
    if depth == 0:
        return entry.setdefault("tasks", [])
    return entry.setdefault("papers" if depth == 1 and entry.get("kind") == "papers" else "fields", [])


def put(data: dict, path: str, entry: dict) -> dict:
    """Return the form with an entry in the place of another. Conditions follow where its key changed."""
    changed = copy.deepcopy(data)
    entries, place = siblings(changed, path)
    old = entries[place]
    entries[place] = entry
    if old["key"] == entry["key"]:
        return changed
    name, depth = list(path.split("."))[1:], path.count(".")
    if depth == 0:
        return changed
    return renamed(changed, ".".join(name), ".".join([*name[:-1], entry["key"]]))


def renamed(data, old: str, new: str):
    """Return a form, or a part of one, in which rules ask for a question by its new name."""
    if isinstance(data, dict):
        return {
            key: new + value[len(old) :]
            if key == "fact" and isinstance(value, str) and (value == old or value.startswith(f"{old}."))
            and "op" in data
            else renamed(value, old, new)
            for key, value in data.items()
        }
    return [renamed(each, old, new) for each in data] if isinstance(data, list) else data


def added(data: dict, holder: str, entry: dict) -> dict:
    """Return the form with one more entry at the end of another; '' adds a part."""
    changed = copy.deepcopy(data)
    children(changed, holder).append(entry)
    return changed


def removed(data: dict, path: str) -> dict:
    changed = copy.deepcopy(data)
    entries, place = siblings(changed, path)
    del entries[place]
    return changed


def moved(data: dict, path: str, by: int) -> dict:
    """Return the form with an entry further up (-1) or down (1) among its siblings; at the end it stays."""
    changed = copy.deepcopy(data)
    entries, place = siblings(changed, path)
    there = place + by
    if 0 <= there < len(entries):
        entries[place], entries[there] = entries[there], entries[place]
    return changed


def carried(data: dict, path: str, holder: str) -> dict:
    """Return the form with a task in another part, at its end."""
    changed = copy.deepcopy(data)
    entries, place = siblings(changed, path)
    entry = entries.pop(place)
    children(changed, holder).append(entry)
    return changed


def kind_of(entry: Entry) -> str:
    """Return what an entry is: part, task, field or paper."""
    return {Part: "part", Task: "task", Field: "field", Paper: "paper"}[type(entry)]


def can_hold(definition: Definition, path: str) -> list[str]:
    """Return what kinds of entries may be added to an entry."""
    if not path:
        return ["part"]
    entry = definition.entry(path)
    if isinstance(entry, Part):
        return ["task"]
    if isinstance(entry, Task):
        return {"fields": ["field"], "papers": ["paper"]}.get(entry.kind, [])
    return ["field"] if isinstance(entry, Field) and entry.is_repeated else []
