"""gunicorn reads this file by itself when it is started in this folder."""

import os

from gunicorn.glogging import Logger

from kumppani.core.logs import without_tokens


class LoggerWithoutTokens(Logger):
    """A one-purpose link opens a door to whoever reads it: its token does not stand in the access log."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return atoms | {"U": without_tokens(atoms["U"] or "")}


logger_class = LoggerWithoutTokens
wsgi_app = "kumppani.wsgi:application"
bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 25
keepalive = 5
# A worker is renewed now and then, not all at the same moment.
max_requests = 2000
max_requests_jitter = 200
# The heartbeat file in memory: a slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# No control socket: it would be written into a home that the image does not have.
control_socket_disable = True
# The path only, never the query string, the referrer or the browser: what a person searched for stays out.
accesslog = "-"
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
