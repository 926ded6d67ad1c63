"""The access table of signing in in two steps."""

from tests.rules.access_row import Row

SECOND_STEP: dict[str, Row] = {
    "mfa_index": Row(get="login 200 200 200 200 200", post="login 405 405 405 405 405"),
    "mfa_authenticate": Row(get="login away away away away away", post="login away away away away away"),
    "mfa_reauthenticate": Row(get="login away away away away away", post="login away away away away away"),
    "mfa_activate_totp": Row(get="login away away away away away", post="login away away away away away"),
    "mfa_deactivate_totp": Row(get="login 404 404 404 404 404", post="login 404 404 404 404 404"),
    "mfa_view_recovery_codes": Row(get="login 404 404 404 404 404", post="login 405 405 405 405 405"),
    "mfa_generate_recovery_codes": Row(
        get="login away away away away away", post="login away away away away away"
    ),
    "mfa_download_recovery_codes": Row(get="login 404 404 404 404 404", post="login 404 404 404 404 404"),
    "mfa_list_webauthn": Row(get="login 200 200 200 200 200", post="login 405 405 405 405 405"),
    "mfa_add_webauthn": Row(get="login away away away away away", post="login away away away away away"),
    "mfa_reauthenticate_webauthn": Row(
        get="login away away away away away", post="login away away away away away"
    ),
    "mfa_remove_webauthn": Row(get="login away away away away away", post="login away away away away away"),
    "mfa_edit_webauthn": Row(get="login away away away away away", post="login away away away away away"),
    "mfa_login_webauthn": Row(get="login away away away away away", post="login away away away away away"),
}
