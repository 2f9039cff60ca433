"""What machines ask of the portal: does it live, can it serve?"""

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from park.accounts.doors import Door, open_to_all
from park.runtime import health as probes


@open_to_all("A machine asks; the answer says nothing of anybody.")
@require_safe
@never_cache
def live(request):
    """Answer that the process is alive; asks nothing of anybody."""
    return JsonResponse({"status": "ok"})


@open_to_all("A machine asks; others than operators learn one word a part.")
@require_safe
@never_cache
def health(request):
    """Answer in one word each, 200 while the portal can serve and 503 while it cannot; details for operators only."""
    found = probes.findings()
    status = probes.overall(found)
    answer = {"status": status, **{finding.name: finding.word for finding in found}}
    if status != probes.DOWN and _is_operator(request):
        answer["details"] = {finding.name: finding.detail for finding in found if finding.detail}
    response = JsonResponse(answer, status=503 if status == probes.DOWN else 200)
    if status == probes.DOWN:
        response["Retry-After"] = "10"
    return response


@require_safe
@never_cache
def metrics(request):
    """Answer every probe as a number for Prometheus: 0 ok, 1 degraded, 2 down. For operators only."""
    if not _is_operator(request):
        raise Http404
    lines = ["# HELP parasol_health 0 ok, 1 degraded, 2 down", "# TYPE parasol_health gauge"]
    lines += [f'parasol_health{{probe="{found.name}"}} {probes.WORDS.index(found.word)}' for found in probes.findings()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


metrics.door = Door("operators", "The figures tell how the machine is built; to anybody else nothing is here.")


def _is_operator(request) -> bool:
    return request.user.is_active and request.user.is_superuser
