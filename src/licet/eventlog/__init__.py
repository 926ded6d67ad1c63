"""What happened, kept for ever, and what must follow from it, kept until it is done.

An **event** is a fact: who did what to which team's things, when. It is written in
the same transaction as the change it tells, by `record`, or the change fails.
A **delivery** is one consequence of one event (a mail, a webhook): due, done or
failed. The worker claims deliveries by compare-and-swap and tries again with
growing pauses; handlers may run more than once and must not mind.
Rules: a change without a fact raises; facts hold ids and plain values, never
secrets; every row carries the hash of the one before, so that tampering shows.
"""
