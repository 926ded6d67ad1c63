"""Signing in without a password, with a second step, and on a forgotten password; each in a real browser."""

import base64
import hashlib
import hmac
import itertools
import re
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import Visitor

pytestmark = pytest.mark.browser

Seat = Callable[..., Visitor]
PASSWORD = "Sieben Ziegel auf dem Dach"
_numbers = itertools.count(1)


@pytest.fixture
def newcomer(visitor: Seat) -> tuple[Visitor, str]:
    """Somebody who has just signed up, and their address."""
    guest = visitor()
    email = f"robin.{next(_numbers)}.{time.monotonic_ns()}@bureau.example"
    page = guest.page
    guest.open("/account/signup/")
    page.locator("input[name=full_name]").fill("Robin Vogel")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=code]").fill(
        guest.mail(to=email, wanted=r"^\s*([A-Z0-9]{2,4}-?[A-Z0-9]{2,4})\s*$")
    )
    page.locator("input[name=code]").press("Enter")
    expect(page.locator("header summary").get_by_text("Robin Vogel")).to_be_visible()
    return guest, email


def sign_out(guest: Visitor) -> None:
    """Leave by the page that asks."""
    guest.open("/account/logout/")
    guest.page.locator("main form button.button").first.click()
    guest.page.wait_for_url(re.compile(r"/$"))


def confirm_password(guest: Visitor) -> None:
    """Say the password again where a page asks for it."""
    if "/reauthenticate/" in guest.page.url:
        guest.page.locator("input[name=password]").fill(PASSWORD)
        guest.page.locator("input[name=password]").press("Enter")
        guest.page.wait_for_url(re.compile("^(?!.*/reauthenticate/)"))


def is_signed_in(guest: Visitor) -> None:
    """The account is open."""
    guest.page.wait_for_url(re.compile("^(?!.*/login/)"))
    guest.open("/account/")
    expect(guest.page.locator("header summary").get_by_text("Robin Vogel")).to_be_visible()


def test_a_passkey_opens_the_account_without_a_password(newcomer: tuple[Visitor, str]) -> None:
    guest, _email = newcomer
    guest.passkeys()
    guest.open("/account/2fa/webauthn/add/")
    confirm_password(guest)
    page = guest.page
    if page.locator("input[name=name]").count():
        page.locator("input[name=name]").fill("This computer")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile(r"/2fa/(?!webauthn/add)"))
    sign_out(guest)
    guest.open("/account/login/")
    page.locator("#passkey_login").click()
    is_signed_in(guest)


def test_the_authenticator_app_is_asked_for_and_a_recovery_code_stands_in(
    newcomer: tuple[Visitor, str],
) -> None:
    guest, email = newcomer
    guest.open("/account/2fa/totp/activate/")
    confirm_password(guest)
    page = guest.page
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.locator("main").inner_text())
    assert secret is not None
    page.locator("input[name=code]").fill(code_of(secret[0]))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url(re.compile("/2fa/(?!totp/activate)"))
    guest.open("/account/2fa/recovery-codes/")
    confirm_password(guest)
    codes = re.findall(r"\b[0-9a-f]{8}\b", page.locator("main").inner_text())
    assert len(codes) >= 8
    sign_out(guest)
    guest.sign_in(email=email, password=PASSWORD)
    page.locator("input[name=code]").fill("000000")
    page.locator("input[name=code]").press("Enter")
    expect(page.locator("main")).to_contain_text(re.compile("code", re.IGNORECASE))
    assert "/2fa/" in page.url
    page.locator("input[name=code]").fill(codes[0])
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url(re.compile("^(?!.*/2fa/authenticate)"))
    is_signed_in(guest)


def test_a_forgotten_password_is_replaced_through_the_mail(newcomer: tuple[Visitor, str]) -> None:
    guest, email = newcomer
    sign_out(guest)
    guest.open("/account/password/reset/")
    page = guest.page
    page.locator("input[name=email]").fill(email)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/password/reset/done/"))
    guest.open(guest.mail(to=email, wanted=r"(https?://\S+/password/reset/key/\S+)"))
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD + " und ein Rohr")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("^(?!.*/reset/key/.*-set-password)"))
    guest.sign_in(email=email, password=PASSWORD + " und ein Rohr")
    is_signed_in(guest)


def code_of(secret: str) -> str:
    """Return the code that an authenticator application shows now (RFC 6238: SHA-1, 30 seconds, 6 digits)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
