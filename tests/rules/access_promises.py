"""The access table of quotes, and of what consumers declare."""

from tests.rules.access_row import Row

PROMISES: dict[str, Row] = {
    # whoever has the address of a quote reads it; to accept it one signs in
    "quote": Row(get="200", post="away 403 403 422 422 403", open_link=True),
    "declare_withdrawal": Row(get="200", post="422"),
    "declare_cancellation": Row(get="200", post="422"),
    "declared": Row(get="200", post="405"),
    "desk_quotes": Row(get="login 404 404 404 404 200", post="405"),
    "desk_quote_new": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "desk_quote": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 away"),
    "desk_declarations": Row(get="login 404 404 404 404 200", post="405"),
    "desk_declaration": Row(get="login 404 404 404 404 200", post="login 404 404 404 404 422"),
    "quote_withdraw": Row(get="405", post="404 404 404 404 away 404"),
}
