"""OAuth 2 for applications: the protocol's grammar by Authlib, every decision by the verbs of `connect`.

Authlib reads requests and words the answers (`grants.py`); rows are only written by
`connect.actions`, which lock and check again. What the library cannot be shown safely (control
characters, addresses that nobody registered, repeated parameters) is refused before it sees the
request (`server.py`).

Sources: RFC 6749 (the framework), RFC 7636 (PKCE), RFC 8252 (native applications), RFC 7009
(revocation), RFC 9207 (`iss`), RFC 9700 (current practice).
"""
