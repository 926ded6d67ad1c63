"""One person, two accounts: the license of the old one, its codes, cases and team, go to the new one.

The old account says yes: by a link to any of its addresses (the backup address included), or signed in
(a passkey or a recovery code is enough, no mailbox). Where its mailboxes are dead and nobody can sign in, a
proof that both accounts have brought, or two people of the vendor, say it instead: then it happens after
72 hours, and every known address is told at once how to stop it. A name alone moves nothing.
"""
