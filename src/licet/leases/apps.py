from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "licet.leases"
