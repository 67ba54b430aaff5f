from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kumppani.notices"
    label = "notices"

    def ready(self):
        from kumppani.notices import jobs  # noqa: F401 – registers the recurring job
