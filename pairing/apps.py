from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "pairing"

    def ready(self):
        from pairing import jobs, notices  # noqa: F401 – registers the recurring job and the kinds of notice
