from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "licet.web"

    def ready(self) -> None:
        """Let the site hear what accounts do."""
        from licet.web import account_log, passwords

        account_log.listen()
        passwords.listen()
