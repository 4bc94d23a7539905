"""A believable consultation in bulk, for looking at and for measuring; `manage.py make_demo`.

Everything is drawn from `random.Random` under the seed, so that the same seed gives the same contents. Rows and ledger
entries bypass the actions and are written in their final form; `manage.py recount` proves them.
"""
