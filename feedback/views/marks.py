"""Marks in kept texts, for what each reader has of their own.

They are drawn anew by each process, so that nobody can write one into a comment.
"""

import secrets

_drawn = secrets.token_hex(8)
TOKEN, NAME, FORM, HOLE = (f"{kind}-{_drawn}" for kind in ("token", "name", "form", "hole"))
PERSON = 10**18 + secrets.randbelow(10**18)  # a key of an account: a number
FRAME = "frame"  # the variable of a page that is made as a frame: the keys of its holes, as they are found
