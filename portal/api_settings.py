"""Django REST framework's settings, and those of what describes the API."""

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["feedback.api.rendering.JSON"],
    "DEFAULT_PARSER_CLASSES": ["feedback.api.parsing.StrictJSON"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "feedback.api.rendering.OneFormat",
    "DEFAULT_SCHEMA_CLASS": "feedback.api.schema.Described",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "feedback.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# Reads are open to every site; writes need a token, which no browser sends of itself.
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "content-type", "if-none-match"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "Deprecation", "Sunset"]
CORS_PREFLIGHT_MAX_AGE = 86400
SPECTACULAR_SETTINGS = {
    "TITLE": "Public consultation",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": ["feedback.api.schema.with_components"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
}
# When this version of the API was called deprecated, and when it goes: times with a zone, None while neither is said.
API_DEPRECATED_FROM = API_SUNSET_AT = None
