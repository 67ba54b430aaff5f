from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "pairing"

    def ready(self):
        from pairing import notices  # noqa: F401 – makes the kinds of notice known
