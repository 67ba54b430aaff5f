"""Log lines carry the request's id, so that they can be joined with the audit trail, and no one-purpose link."""

import logging
import re

from kumppani.audit.context import request_id

# What follows in these addresses opens a door: it belongs in no log (trust.md 1).
ONE_PURPOSE = re.compile(
    r"(/(?:invitations|orders/link|training/link|account/password/reset/key)/)[^/\s\"']+"
)


def without_tokens(text: str) -> str:
    """The text with the tokens of one-purpose links blotted out."""
    return ONE_PURPOSE.sub(r"\1***", text)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True


class TokenFilter(logging.Filter):
    """Django writes the path of every request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_tokens(record.msg) if isinstance(record.msg, str) else record.msg
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_tokens(value) if isinstance(value, str) else value for value in record.args
            )
        return True
