from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "kumppani.privacy"
    label = "privacy"
