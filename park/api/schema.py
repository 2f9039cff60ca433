"""The published description of the API (OpenAPI 3.1): the key, the problems, and the parameters every address has."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from .languages import BOTH, CODES
from .problems import KINDS, MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "What went wrong, in the language asked for (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where this kind of problem is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Sentences by parameter or field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "request_id": {"type": "string", "description": "Tell us this number when you ask."},
    },
}
ANY, LIST_OR_QUERY, ONE = (401, 403, 406, 429, 500), (400,), (404,)
LANGUAGE = [
    {
        "name": "lang",
        "in": "query",
        "required": False,
        "description": "Language of texts; `all` gives each in every language. Without it, Accept-Language decides.",
        "schema": {"type": "string", "enum": [*CODES, BOTH]},
    },
    {
        "name": "fields",
        "in": "query",
        "required": False,
        "description": "Names of the fields to show, with commas between. Without it, all of them.",
        "schema": {"type": "string"},
    },
]


class BearerKeyScheme(OpenApiAuthenticationExtension):
    target_class = "park.api.keys.BearerKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "KEYID.SECRET"}


def document_problems(result: dict, generator, request, public: bool) -> dict:
    """Give every operation the parameters that every resource has and the problems it may answer with."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        f"Problem{status}": {
            "description": str(title),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, (_name, title) in KINDS.items()
    }
    for path, operations in result["paths"].items():
        for operation in operations.values():
            operation.setdefault("parameters", []).extend(LANGUAGE)
            for status in (*ANY, *LIST_OR_QUERY, *(ONE if path.endswith("}/") else ())):
                operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    return result
