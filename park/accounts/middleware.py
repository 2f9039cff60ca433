"""What a signed-in person brings to each request."""

import zoneinfo

from django.utils import timezone


class PersonalTimeZone:
    """Show times in the reader's own zone; Beijing time stands beside them where it matters."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)


class SecondFactorRequired:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
