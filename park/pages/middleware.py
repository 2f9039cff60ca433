"""What every answer carries."""

from django.utils.cache import patch_vary_headers


class AdminContentPolicy:
    """Give the staff area the content policy that its theme needs; every other page keeps the strict one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = {
                "script-src": ["'self'", "'unsafe-eval'"],
                "style-src": ["'self'", "'unsafe-inline'"],
            }
        return response


class PrivateAnswers:
    """Keep what a signed-in person saw out of every cache, and tell caches that htmx fragments differ from pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response
