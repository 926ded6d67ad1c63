"""How these tests read answers and mails."""

import re

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.world import PASSWORD as KNOWN

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
LINK = re.compile(r"https?://\S+")
PASSWORD = "a quite different passphrase"


def code() -> str:
    """Return the code of the latest mail."""
    return CODE.search(mail.outbox[-1].body).group()


def link() -> str:
    """Return the path of the first link of the latest mail."""
    return "/" + LINK.search(mail.outbox[-1].body).group().split("/", 3)[3]


def seen(answer: HttpResponse, *, typed: str) -> tuple[object, ...]:
    """Return all that an observer gets, without the one-time tokens and the address that was typed."""
    body = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", answer.content.decode())
    body = body.replace(typed, "ADDRESS")
    headers = {name: value for name, value in answer.items() if name not in {"Content-Length"}}
    cookies = sorted(answer.cookies)
    return answer.status_code, headers, cookies, body


def prove(client: Client) -> None:
    """Type the password once more, as every change of an account asks for."""
    client.post(reverse("account_reauthenticate"), {"password": KNOWN})
