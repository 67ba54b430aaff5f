from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self):
        from tasks import notices  # noqa: F401 – makes the kinds of notice known
