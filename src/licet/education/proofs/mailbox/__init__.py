"""A mailbox at the school: we write to it, and whoever reads it confirms.

The mail has a code of eight characters, to be typed where one began, and a link that any browser may open:
a page with a button, for programs that look at mails open links. Both live fifteen minutes; five wrong codes
end them. Neither is stored: they are derived from the row's identifier, which nobody can guess, under a
secret. What the mailbox says is the domain's trust (`rules.judged`); one mailbox serves one person at a time.
"""
