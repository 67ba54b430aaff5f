from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "kumppani.organisations"
    label = "organisations"
