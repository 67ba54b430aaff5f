"""Is the web process of this container well? Exit code 0 when /healthz answers 200."""

import os
import sys
import urllib.error
import urllib.request

HOST = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
PORT = os.environ.get("PORT", "8000")


def main() -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/healthz", headers={"Host": HOST, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 (a fixed http address)
            sys.exit(0 if answer.status == 200 else 1)
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"/healthz does not answer: {error}")


if __name__ == "__main__":
    main()
