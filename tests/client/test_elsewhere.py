"""Signing in with a browser on another device (RFC 8628): how the client waits, and what ends it."""

from typing import Any

import pytest

from licet_client import Elsewhere, LicetError, Refused, SignInFailed, Unreachable
from licet_client.elsewhere import GRANT, ask
from licet_client.wire import Wire

ABOUT = {
    "device_authorization_endpoint": "https://x.example/device",
    "token_endpoint": "https://x.example/token",
}


class Line(Wire):
    """A wire whose answers are said beforehand."""

    def __init__(self, *answers: str | LicetError, **found: Any) -> None:
        super().__init__(server="https://x.example", language="en", timeout=1)
        self.answers = list(answers)
        self.sent: list[dict[str, str]] = []
        self.found = {
            "device_code": "d",
            "user_code": "BCDF-GHJK",
            "verification_uri": "https://x.example/device",
            "expires_in": 60,
            **found,
        }

    def form(self, url: str, values: dict[str, str]) -> dict[str, Any]:
        self.sent.append(values)
        if url == ABOUT["device_authorization_endpoint"]:
            return self.found
        answer = self.answers.pop(0) if self.answers else "authorization_pending"
        if isinstance(answer, LicetError):
            raise answer
        if answer != "yes":
            raise Refused({"code": answer}, status=400)
        return {"access_token": "lat"}


def asked(line: Line) -> tuple[dict[str, Any], list[float], list[Elsewhere]]:
    pauses: list[float] = []
    shown: list[Elsewhere] = []
    answer = ask(
        wire=line, about=ABOUT, client_id="app", device_name="node 7", show=shown.append, sleep=pauses.append
    )
    return answer, pauses, shown


def test_the_code_is_shown_and_the_answer_waited_for() -> None:
    line = Line("authorization_pending", "authorization_pending", "yes", interval=3)
    answer, pauses, shown = asked(line)
    assert answer == {"access_token": "lat"}
    assert pauses == [3, 3, 3]
    assert shown == [Elsewhere("https://x.example/device", "BCDF-GHJK", "", 60)]
    assert line.sent[0] == {"client_id": "app", "device_name": "node 7"}
    assert line.sent[-1] == {"grant_type": GRANT, "device_code": "d", "client_id": "app"}


def test_it_asks_less_often_when_told_and_when_nobody_answers() -> None:
    _, pauses, _ = asked(Line("slow_down", Unreachable(), "yes"))
    assert pauses == [5, 10, 20]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line("access_denied"), "sign_in_denied"),
        (Line("expired_token"), "sign_in_timeout"),
        (Line(expires_in=20), "sign_in_timeout"),
    ],
    ids=["no", "ended there", "ended here"],
)
def test_what_ends_it(line: Line, code: str) -> None:
    with pytest.raises(SignInFailed) as caught:
        asked(line)
    assert caught.value.code == code


def test_another_error_is_the_callers() -> None:
    with pytest.raises(Refused) as caught:
        asked(Line("invalid_client"))
    assert caught.value.code == "invalid_client"


def test_a_server_without_this_way_says_so() -> None:
    with pytest.raises(SignInFailed) as caught:
        ask(wire=Line(), about={}, client_id="app", device_name="", show=print)
    assert caught.value.code == "no_sign_in_elsewhere"
