"""Every address of the portal, with who may open it and why: read from the code that asks."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from .doors import Door

SIGNING_IN = "Nobody is signed in yet while they sign in."
ADMIN_ACTS = {"changelist": "view", "add": "add", "change": "change", "delete": "delete", "history": "view"}


@dataclass(frozen=True)
class Route:
    """One address: how it is written, its name, and who may do what there."""

    address: str
    name: str
    methods: tuple[str, ...]
    who: str
    why: str
    rights: tuple[str, ...] = ()

    def as_dict(self) -> dict:
        return asdict(self)


def routes() -> list[Route]:
    """Return every route once, in the order of the address book; Chinese addresses are the same below /zh-hans/."""
    return list(_walk(get_resolver(), "/", ""))


def _walk(resolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name or ''}"
            door = door_of(entry.callback, name)
            address, methods = prefix + _text(entry.pattern), methods_of(entry.callback)
            yield Route(address, name, methods, door.who, door.why, door.rights)
        else:
            deeper = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, prefix + _text(entry.pattern), deeper)


def _text(pattern) -> str:
    return "" if isinstance(pattern, LocalePrefixPattern) else str(pattern).removeprefix("^").removesuffix("$")


def door_of(view, name: str = "") -> Door:
    """Return the door of a view: what its decorator says, else what its library asks, else sign-in."""
    if door := getattr(view, "door", None):
        return door
    if resource := getattr(view, "cls", None):
        if getattr(view, "actions", None):  # a viewset is bound to its methods by the router
            return _door_of_resource(type("Bound", (resource,), dict.fromkeys(view.actions)), view.initkwargs)
        return _door_of_resource(resource, getattr(view, "initkwargs", {}))
    if model_admin := getattr(view, "model_admin", None):
        return _door_of_model_admin(model_admin, name)
    if name.startswith("admin:") and getattr(view, "login_required", True):
        return Door("staff", "The staff area; each list asks for its own right.")
    if getattr(view, "login_required", True) is False:
        return Door("anyone", SIGNING_IN)
    return Door("signed in", "Signing in is asked unless a page says otherwise.")


def _door_of_resource(resource, options: dict) -> Door:
    if not any(hasattr(resource, method) for method in resource.http_method_names if method != "options"):
        return Door("nobody", "Nothing is here; the interface says so in its own words.")
    permissions = options.get("permission_classes", resource.permission_classes)
    if any(permission.__name__ == "AllowAny" for permission in permissions):
        return Door("anyone", "How the interface works is public.")
    scopes = tuple(getattr(resource, "required_scopes", ()))
    return Door("API key: " + (", ".join(scopes) or "no scope opens it"), "Partners read what their key names.", scopes)


def _door_of_model_admin(model_admin, name: str) -> Door:
    opts = model_admin.opts
    act = ADMIN_ACTS.get(name.rpartition("_")[2], "change")
    right = f"{opts.app_label}.{act}_{opts.model_name}"
    return Door(f"right {right}", "A duty of park staff.", (right,))


def methods_of(view) -> tuple[str, ...]:
    """Return the methods that a view answers; none named means GET and POST."""
    if actions := getattr(view, "actions", None):  # a viewset
        return tuple(sorted(method.upper() for method in actions))
    if cls := getattr(view, "view_class", None) or getattr(view, "cls", None):
        answered = (method for method in cls.http_method_names if method != "options" and hasattr(cls, method))
        return tuple(sorted(method.upper() for method in answered))
    while view is not None:
        code = getattr(view, "__code__", None)
        held = dict(zip(code.co_freevars, view.__closure__ or (), strict=False)) if code else {}
        if "request_method_list" in held:
            return tuple(sorted(held["request_method_list"].cell_contents))
        view = getattr(view, "__wrapped__", None)
    return ("GET", "POST")
