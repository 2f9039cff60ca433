"""What Django writes of requests by itself, made to say no more than our own line does: the page, never its address."""

import logging


class NamesThePage(logging.Filter):
    """Put the name of the page where a line would have its address, which may hold the token of a link in a mail."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            addresses = {request.path, request.path_info, request.get_full_path()}
            page = page_of(request)
            record.args = tuple(page if said in addresses else said for said in record.args)
        return True


def page_of(request) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name or match.route if match else "nowhere"
