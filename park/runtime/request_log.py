"""One line of the log for each request, and no personal data in it: the page by its name, never its address."""

import uuid

import structlog
from django_structlog.middlewares import RequestMiddleware

from .log_lines import page_of


class RequestLog(RequestMiddleware):
    """Write what was asked for, by whom (a number) and how it ended; no address, question, browser or network.

    Addresses carry references of cases and what people search for; a name of a page carries neither.
    """

    def prepare(self, request) -> None:
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))
        self.bind_user_id(request)

    @staticmethod
    def format_request(request) -> str:
        return f"{request.method} {page_of(request)}"
