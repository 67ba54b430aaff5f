"""Log lines carry the request's id, so that they can be joined with the audit trail."""

import logging

from kumppani.audit.context import request_id


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
