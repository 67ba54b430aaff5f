from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self):
        from tasks import jobs, notices  # noqa: F401 – registers the recurring job and the kinds of notice
