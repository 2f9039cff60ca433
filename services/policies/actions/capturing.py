"""A policy that is new to the park, with the document it was taken from."""

import hashlib

from django.utils.translation import gettext as _

from park.files.actions import receive
from park.files.models import Document
from park.workflow.actions import GuardFailed, MoveRefused, Stale, verb

from .. import access, duplicates
from ..models import Policy, PolicyVersion
from ..states import State
from .drafting import draft_version

SOURCE = "policy_source"  # the kind of paper


class DuplicateLikely(GuardFailed):
    """The park seems to have this policy already, and nobody said why it is another one. ``found`` says which."""

    code = "duplicate-likely"

    def __init__(self, found: list[duplicates.Likely]):
        self.found = found
        known = "; ".join(str(each) for each in found)
        super().__init__(
            _("The park may have this policy already. %(known)s. Draft its next version, or say why it is another one.")
            % {"known": known}
        )


@verb
def capture(*, slug: str, about: dict, wording: dict, by, upload=None, new_because: str = "") -> PolicyVersion:
    """Draft a policy that is new to the park, and keep the document it was taken from, privately and with its digest.

    Raises MoveRefused if there is a policy of this address name, DuplicateLikely if one looks like it and nothing is
    said why it is another, NotAccepted and NotStored for the file.
    """
    if Policy.objects.filter(slug=slug).exists():
        raise MoveRefused(_("There is a policy of this address name. Draft its next version instead."), code="known")
    found = duplicates.likely(
        document_no=about.get("document_no", ""), title_en=wording.get("title_en", ""),
        title_zh=wording.get("title_zh_hans", ""), sha256=digest(upload) if upload else "",
    )  # fmt: skip
    if found and not new_because.strip():
        raise DuplicateLikely(found)
    version = draft_version(slug=slug, about=about, wording=wording, by=by)
    if new_because.strip():
        Policy.objects.filter(pk=version.policy_id).update(new_because=new_because.strip())
    return keep_source(version=version, upload=upload, by=by) if upload else version


@verb
def keep_source(*, version: PolicyVersion, upload, by, lock: int | None = None) -> PolicyVersion:
    """Keep the document a draft was taken from; what the file is, its content decides.

    Raises MoveRefused once the version was sent, NotAccepted and NotStored for the file.
    """
    if not access.may_draft(by):
        raise MoveRefused(_("Only policy officers may draft a policy."), code="not-yours")
    version = PolicyVersion.objects.select_for_update(of=("self",)).select_related("policy").get(pk=version.pk)
    if version.state != State.DRAFT:
        raise MoveRefused(_("Only a draft can be rewritten. Draft a new version instead."))
    if lock is not None and lock != version.version:
        raise Stale
    kept: Document = receive(by, upload, SOURCE)
    version.source_file, version.version = kept, version.version + 1
    version.save(update_fields=["source_file", "version"])
    return version


def digest(upload) -> str:
    """Return the SHA-256 of an uploaded file, which is read from its beginning again afterwards."""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
