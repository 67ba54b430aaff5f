from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kumppani.reports"
    label = "reports"
