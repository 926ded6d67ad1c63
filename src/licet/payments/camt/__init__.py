"""Bank statements (camt.053): read in a process of its own that has given up files and network, nowhere else.

`python -I -m licet.payments.camt` reads one file from its input and writes lines of JSON to its output.
`running` starts it and believes nothing that it says without looking. Only `running` is imported from here.
"""
