"""Education: people who learn or teach prove it, and get a license for a term.

A **programme** says who may have which products, for how long. A **case** is one person's
request, with **proofs** from a ladder of plug-ins and, where it takes a paper, **documents**.
A person of the vendor, or a proof that is strong enough, decides; a machine may approve, it
never refuses. An **entitlement** is what somebody has under a programme: one license on a team
of their own, its codes, one term after the other.
Rules: approval, license, seat and codes are one transaction; nobody decides on a case of their
own, a second opinion is another person's, an appeal goes to who has not touched the case;
documents are encrypted with a key each, seen only as our own picture, and gone after the
decision.
"""
