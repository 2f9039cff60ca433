"""The house keeps its shape: floors import downwards, files of a room in their order, state changes in one place."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["park", "talents", "enterprises", "incubation", "services"]
ORDER = ["states", "models", "access", "tasks", "actions", "forms", "views", "admin", "api", "urls"]
RANK = {name: rank for rank, name in enumerate(ORDER)} | {"admin": ORDER.index("views"), "api": ORDER.index("views")}
FORBIDDEN = {"utils", "helpers", "common", "services", "managers"}
LONGEST, LONGEST_TEST = 400, 600  # lines; the settings are one file on purpose, read from top to bottom
# Where a state may be written: the verbs, the one function that applies moves, models' own defaults, and the demo park.
MAY_SET_STATE = re.compile(r"(/actions\.py|/actions/|/models\.py|^park/workflow/|^services/demo/)")


def sources() -> list[Path]:
    return [
        path
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def floor_of(module: str) -> int | None:
    first = module.partition(".")[0]
    return FLOORS.index(first) if first in FLOORS else None


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@functools.cache
def imports(path: Path) -> list[tuple[str, bool]]:
    """Return every module that a file imports, absolute, and whether it does so inside a function."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    tree = tree_of(path)
    inner = {id(node) for outer in ast.walk(tree) if isinstance(outer, ast.FunctionDef) for node in ast.walk(outer)}
    found = []
    for node in ast.walk(tree):
        hidden = id(node) in inner
        if isinstance(node, ast.Import):
            found += [(alias.name, hidden) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module or ""]))
            found += [(f"{module}.{alias.name}", hidden) for alias in node.names]
    return found


def test_a_floor_imports_only_floors_below_it():
    climbing = [
        f"{name_of(path)} imports {module}"
        for path in sources()
        for module, _hidden in imports(path)
        if (floor_of(module) or 0) > floor_of(name_of(path).replace("/", "."))
    ]

    assert climbing == []


def test_nothing_is_imported_inside_a_function_to_dodge_a_circle_between_rooms():
    """Inside a function, only the room's own modules and other libraries are imported."""
    dodging = [
        f"{name_of(path)} imports {module}"
        for path in sources()
        for module, hidden in imports(path)
        if hidden and floor_of(module) is not None and path.name not in {"apps.py", "conftest.py"}
        and module.split(".")[:2] != name_of(path).split("/")[:2]
    ]

    assert dodging == []


def test_a_file_of_a_room_imports_only_files_before_it():
    backwards = []
    for path in sources():
        room, own = path.parent, RANK.get(path.stem)
        if own is None:
            continue
        here = ".".join(room.relative_to(ROOT).parts)
        for module, _hidden in imports(path):
            if not module.startswith(f"{here}."):
                continue
            other = module.removeprefix(f"{here}.").partition(".")[0]
            if other != path.stem and RANK.get(other, -1) >= own:
                backwards.append(f"{name_of(path)} imports {other}")

    assert backwards == []


def test_no_task_imports_actions():
    assert [
        name_of(path)
        for path in sources()
        if path.stem == "tasks"
        for module, _hidden in imports(path)
        if re.search(r"\bactions\b", module)
    ] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [name_of(path) for path in sources() if path.stem in FORBIDDEN] == []
    folders = {path.parent.name for path in sources() if len(path.relative_to(ROOT).parts) > 2}
    assert folders & FORBIDDEN == set()


def test_no_file_is_longer_than_four_hundred_lines():
    limits = {path: LONGEST for path in sources() if path.name != "settings.py"}
    limits |= dict.fromkeys((ROOT / "tests").rglob("*.py"), LONGEST_TEST)

    lines = {path: len(path.read_text().splitlines()) for path in limits}
    assert [f"{name_of(path)}: {lines[path]} lines" for path in limits if lines[path] > limits[path]] == []


def sets_state(tree: ast.AST) -> list[int]:
    """Return the lines that write the attribute ``state``, or name it in ``update(state=…)`` of a queryset."""
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        flat = [part for target in targets if target is not None for part in ast.walk(target)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            found += [part.lineno for part in flat if isinstance(part, ast.Attribute) and part.attr == "state"
                      and not (isinstance(part.value, ast.Name) and part.value.id == "self")]
    return found


def test_no_state_is_set_outside_the_verbs():
    written = [
        f"{name_of(path)}:{line}"
        for path in sources()
        if not MAY_SET_STATE.search(name_of(path))
        for line in sets_state(tree_of(path))
    ]

    assert written == []


def test_no_page_ends_in_an_exception_that_is_swallowed():
    silent = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and [type(line) for line in node.body] == [ast.Pass]
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]

    assert silent == []


def test_money_and_times_are_never_floats_and_never_naive():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"models.FloatField", "datetime.utcnow"}
    ]

    assert wrong == []


@pytest.mark.parametrize("name", ["bench", "deploy", "docs", "locale"])
def test_what_is_no_floor_imports_nothing_into_one(name):
    """Floors do not lean on what stands beside them."""
    leaning = [
        f"{name_of(path)} imports {module}"
        for path in sources()
        for module, _hidden in imports(path)
        if module.partition(".")[0] == name
    ]

    assert leaning == []


def test_no_template_runs_a_script_or_a_style_of_its_own():
    """The content policy forbids both; mails, whose readers know no style sheets, are the exception."""
    inline = re.compile(r"<style|<script(?![^>]*\b(src=|type=\"application/json\"))|\son[a-z]+=\"|\sstyle=\"|\|safe\b")
    letters = re.compile(r"(^|/)(letter|mail|layout_mail|base_mail)[^/]*\.html$|/mail/|/letters/")
    found = [
        f"{path.relative_to(ROOT / 'templates')}: {hit.group()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if not letters.search(path.as_posix())
        for hit in inline.finditer(path.read_text())
    ]

    assert found == []
