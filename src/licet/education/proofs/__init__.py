"""The ways of proving that one learns or teaches: each in a folder of its own.

Whatever a way does before, it ends with `applying.add_proof` or `applying.proof_step` and a `Found`: its
`kind` (the folder's name), how much it says (`states.Strength`), what it found (`states.Finding`), the facts
that a reviewer may read, and where the way knows the person again, a keyed fingerprint. HOLDS with a strong
enough proof approves by itself once the request is sent; OPEN has a person look; NOTHING asks for another
way. No way ever refuses a request. Its words, icon and page stand in one table, `licet.web.campus.ways`.

    mailbox/     an address that the school gives to its members: a code and a link (MAILBOX)
    class_code/  a class of a verified teacher, who confirms whoever joins by its code (CONFIRMED)

Federated sign-in has its name in that table, `federated`, and is SIGNED: HOLDS where the school says
"student" or "faculty" about a person, under a scope that the federation's metadata give to that school; the
fingerprint is the keyed hash of the pairwise identifier. It needs no table of its own.
"""
