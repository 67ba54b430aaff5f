from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self):
        # Registers the recurring job, the kinds of notice, and what this room adds to a partner's page and leaving.
        from tasks import jobs, leaving, notices, records  # noqa: F401
