"""A newcomer makes an account with the code of a mail, and from then on signs in with a passkey."""

from collections.abc import Callable

import pytest

from tests.browser import Server, Visitor

pytestmark = pytest.mark.browser

PASSWORD = "a quite different passphrase"
CODE = r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_the_first_page_to_a_sign_in_without_a_password(
    visitor: Callable[..., Visitor], server: Server, language: str
) -> None:
    """Passkeys belong to a name, never to an IP address: so this visitor calls the site by its name."""
    site = f"http://localhost:{server.port}"
    email = f"newcomer.{language}@elsewhere.example"
    newcomer = visitor(language=language)
    newcomer.passkeys()
    page = newcomer.open(f"{site}/account/signup/")
    page.locator("input[name=full_name]").fill("Nora Neumann")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password1]").press("Enter")
    page.wait_for_url("**/account/confirm-email/")
    page.locator("input[name=code]").fill(newcomer.mail(to=email, wanted=CODE))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url(f"{site}/account/")
    page.locator("h1").wait_for()

    newcomer.open(f"{site}/account/2fa/webauthn/add/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/webauthn/add/")
    newcomer.press("Continue")
    page.wait_for_url("**/recovery-codes/")
    newcomer.examine()

    newcomer.context.clear_cookies()
    newcomer.open(f"{site}/account/login/")
    newcomer.press("Sign in with a passkey")
    page.wait_for_url(f"{site}/account/")
    page.get_by_text("Nora Neumann").first.wait_for()
