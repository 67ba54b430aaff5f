from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kumppani.core"
    label = "core"

    def ready(self):
        from kumppani.core import housekeeping  # noqa: F401 – registers the recurring jobs
