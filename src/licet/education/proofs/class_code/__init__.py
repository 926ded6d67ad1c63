"""A class of a verified teacher: who joins by its code is confirmed by that teacher.

A teacher is verified who has an education license as one. The code is derived from the class's identifier
under a secret, so that it can be shown again and is stored nowhere; a keyed hash finds it. Joining takes
a place at once; the teacher confirms or declines, and only what is confirmed proves something. A class ends
with its academic year, or when its teacher ends it; another verified teacher may take it over.
"""
