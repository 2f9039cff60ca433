"""Give every version of before its form and its state, and write its conditions as rules. 0007 seals what is in use."""

from django.db import migrations
from django.utils import timezone

OPS = {"in": "in", "not_in": "not_in", "eq": "eq", "ne": "ne"}


def as_rule(condition: dict, types: dict[str, str]) -> dict | None:
    """Return a condition of before, {"field": …, "in": […]}, as a rule; None if it asks for nothing."""
    if "field" not in condition:
        return condition
    op = next(op for op in OPS if op in condition)
    value = condition[op]
    if isinstance(value, list):
        value = [each for each in value if each != ""]  # what is not known shows nothing now
        if not value:
            return None
        op, value = (op, value) if len(value) > 1 else ({"in": "eq", "not_in": "ne"}[op], value[0])
    if value == "":
        return None
    criterion = {"fact": condition["field"], "op": op, "value": value}
    if types.get(condition["field"]) == "yes_no":
        yes = (value == "yes") == (op == "eq")
        criterion = {"fact": condition["field"], "op": "is_true" if yes else "is_false"}
    return {"version": 1, "all": [criterion]}


def converted(definition: dict) -> dict:
    tasks = [task for part in definition.get("parts", []) for task in part.get("tasks", [])]
    types = {f"{task['key']}.{each['key']}": each["type"] for task in tasks for each in task.get("fields", [])}
    for entry in (each for task in tasks for each in (*task.get("fields", []), *task.get("papers", []))):
        for name in ("when", "required_when"):
            if name in entry and (rule := as_rule(entry.pop(name), types)):
                entry[name] = rule
    return definition


def fill(apps, schema_editor):
    forms, versions = (apps.get_model("intake", name) for name in ("ApplicationForm", "FormVersion"))
    if not versions.objects.exists():
        return  # a new park: seeds.sow makes the first
    form, _made = forms.objects.get_or_create(
        slug="place",
        defaults={
            "name": "Application for a place", "name_en": "Application for a place", "name_zh_hans": "入园申请表",
        },
    )  # fmt: skip
    used = versions.objects.filter(published_at__lte=timezone.now()).order_by("-number").first()
    for version in versions.objects.all():
        version.form = form
        version.definition = converted(version.definition)
        if version == used:
            version.state = "published"
        elif version.published_at and version.published_at <= timezone.now():
            version.state = "retired"
        else:
            version.state, version.published_at = "draft", None
        version.save()


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_forms_have_versions")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
