"""What an institution has agreed with the vendor: so many places of a programme, from a day until a day.

Teachers of the institution draw the places of their classes from it. Places are counted under the
agreement's lock, over the draws that run: a class that has ended gives its places back. The agreement has
a team, whose owners and administrators are the institution's contacts; they read who uses how much.
"""
