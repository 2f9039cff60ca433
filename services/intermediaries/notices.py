"""The kinds of notices of this room. What each says stands in ``templates/notices/``."""

from park.notices.kinds import Kind, Topic, register

TO_THE_TENANT = (
    ("request-sent", "chat"),
    ("request-taken", "check"),
    ("request-declined", "chat"),
    ("request-none", "warn"),
    ("request-answered", "chat"),
    ("request-started", "case"),
    ("request-delivered", "check"),
    ("request-expired", "clock"),
)
TO_THE_INSTITUTION = (
    ("request-offered", "chat"),
    ("request-reminder", "clock"),
    ("request-passed", "info"),
    ("request-closed", "check"),
    ("request-cancelled", "info"),
)
TO_THE_PARK = (("request-triage", "list"), ("request-late", "warn"))


def register_all() -> None:
    for name, icon in TO_THE_TENANT:
        register(Kind(name, Topic.SERVICES, icon=icon))
    for name, icon in (*TO_THE_INSTITUTION, *TO_THE_PARK):
        register(Kind(name, Topic.WORK, icon=icon))
    for name in ("licence-ending", "licence-ended"):
        register(Kind(name, Topic.DEADLINES, mutable=False, icon="warn"))
