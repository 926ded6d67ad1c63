"""A class of a verified teacher: who joins by its code is confirmed by that teacher.

A teacher is verified who has an education license as one. The code is derived from the class's identifier
under a secret, so that it can be shown again and is stored nowhere; a keyed hash finds it. A **place** is one
pupil: put on the list by the teacher beforehand (with an address: whoever joins with it is confirmed at once;
without one: with a printed card), or joined by the code and confirmed afterwards. Whoever is listed or waits
has a place already, and only what is confirmed proves something. A class ends after its last day, or when its
teacher ends it; another verified teacher of the institution may take it over.
"""
