"""Sign-in for applications: a person lets an application act for them, on one device, until it ends.

An **application** is a program of the vendor, registered in its file; it has no secret, for
whatever is shipped to a desk is no secret (OAuth 2 calls it a public client). The person's yes
becomes a **code** for a minute; the code, redeemed once, becomes a **grant** with its **tokens**.
A device without a browser asks by a **device request**, whose short code the person compares elsewhere.
A grant runs (`ended_at` is empty) or has ended; it never comes back.
Rules: PKCE with S256 always; a code or refresh token works once, and one that is seen again
ends its grant; only the SHA-256 of a code or token is stored; whatever counts is decided under
the lock of the grant or the code.
"""
