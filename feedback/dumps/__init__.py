"""Dumps: the open data as files - one folder for each snapshot, with its own data dictionary.

A dump is one snapshot of the database, cut at the ledger's head S in that snapshot. What of it is exact, and what is
not, decides how a copy is kept true with `changes/?after=S`:

- `ratings`, `tallies_over_time` and the counts of `tallies` stem from leaves with seq ≤ S and from nothing else: the
  sequencer writes leaves, released values and tallies in one transaction, which the snapshot holds whole or not at all.
- A row of `comments`, `measures` or `programmes` may be newer than S: its write is in the snapshot while its leaf
  still waits in the outbox, or (an edition) for the sequencer. Such a row cannot be left out - of an edited comment
  the older state is gone - and need not be: its leaf gets a seq above S, so it comes again by `changes/`, with the
  state that it then has. Nothing is the other way round: what has a leaf with seq ≤ S is in the snapshot, because a
  write's leaf and rows are one transaction and the sequencer moves only what it can see committed.
- Every change carries the whole state of its resource, so applying one that the copy already has changes nothing. A
  copy made from the dump and followed from S therefore equals one followed from 0 as soon as both reach one head.
- Votes, numbers of replies, names of people and `n` of a tally leave no leaf: a dump has them as they were at its
  moment, `changes/` as they are when asked.

What was taken back after a dump was made does not stay in it: see `feedback.dumps.clearing`.
"""
