"""One id per request, set once by the middleware, so that no function must pass it around."""

import uuid
from contextvars import ContextVar

request_id: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)
