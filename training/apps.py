from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self):
        from training import jobs, notices  # noqa: F401 – registers the recurring job and the kinds of notice
