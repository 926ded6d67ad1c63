"""People: who signs in, under which address, in which language.

A **person** has one account, however many teams. Sign-up, verification, passwords,
passkeys, second factors, sessions and changes of address are django-allauth's; this
package holds the table it works on, the language, and what the rest of Licet must
know when an account changes.
Rules: an address is compared without regard to case; an address counts only once it
is verified; nobody can find out whether an address has an account.
"""
