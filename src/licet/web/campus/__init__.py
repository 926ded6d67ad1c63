"""The education side: what pupils, students and teachers get, how they ask for it and where that stands.

A request is a person's own: every page but the first one starts from the requests and licenses of whoever
is signed in, the vendor's people included; those look at other people's at the desk.
"""
