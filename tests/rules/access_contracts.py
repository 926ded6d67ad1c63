"""The access table of a team's contracts."""

from tests.rules.access_row import Row

CONTRACTS: dict[str, Row] = {
    "team_contracts": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "contract": Row(get="login 404 403 200 200 404", post="login 405 405 405 405 405"),
    "contract_add": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "contract_cancel": Row(get="login 404 403 200 200 404", post="login 404 403 away away 404"),
    "contract_take_up": Row(get="login 405 405 405 405 405", post="login 404 403 away away 404"),
    "contract_auto_renew": Row(get="login 405 405 405 405 405", post="login 404 403 away away 404"),
    "contract_renew": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "contract_carry_on": Row(get="login 404 403 404 404 404", post="login 404 403 404 404 404"),
    "contract_carry_on_undo": Row(get="login 405 405 405 405 405", post="login 404 403 404 404 404"),
    "contract_term": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "contract_keep_term": Row(get="login 405 405 405 405 405", post="login 404 403 away away 404"),
    "contract_billing": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "contract_join": Row(get="login 404 403 409 409 404", post="login 404 403 409 409 404"),
    "contract_reduce": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "contract_upgrade": Row(get="login 404 403 200 200 404", post="login 404 403 422 422 404"),
    "contract_keep_plan": Row(get="login 405 405 405 405 405", post="login 404 403 away away 404"),
}
