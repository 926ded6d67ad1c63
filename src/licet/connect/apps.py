from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "licet.connect"
