"""Ways to doctor a log, for the verifier to find: each gives a changed copy, or None where it does not apply.

Where the copy is signed again, the operator doctors his own log; elsewhere somebody between him and the reader.
"""

from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verifying import Copy, common


def places(log: Copy, kind: str) -> list[int]:
    return [place for place, leaf in enumerate(log.leaves) if leaf["kind"] == kind]


def drop(log: Copy, chance: Random) -> Copy | None:
    if not log.leaves:
        return None
    del log.leaves[chance.randrange(len(log.leaves))]
    return log


def reorder(log: Copy, chance: Random) -> Copy | None:
    if len(log.leaves) < 2:
        return None
    one, other = chance.sample(range(len(log.leaves)), 2)
    if log.leaves[one] == log.leaves[other]:
        return None
    log.leaves[one], log.leaves[other] = log.leaves[other], log.leaves[one]
    return log


def edit(log: Copy, chance: Random) -> Copy | None:
    if not log.leaves:
        return None
    place = chance.randrange(len(log.leaves))
    log.leaves[place] = log.leaves[place] | {"hour": f"2026-11-{chance.randrange(10, 24)}T07Z"}
    return log


def add(log: Copy, chance: Random) -> Copy:
    log.leaves.insert(chance.randrange(len(log.leaves) + 1), common("programme_closed", measure=None))
    return log


def forge(log: Copy, chance: Random) -> Copy:
    return log.sign(key=Ed25519PrivateKey.generate())


def flip(log: Copy, chance: Random) -> Copy:
    """One character of the note becomes another one."""
    place = chance.randrange(len(log.note) - 1)
    other = chance.choice([letter for letter in "ABCDEFGH01234567" if letter != log.note[place]])
    log.note = log.note[:place] + other + log.note[place + 1 :]
    return log


def wrong_size(log: Copy, chance: Random) -> Copy:
    size = len(log.leaves)
    return log.sign(size=chance.choice([one for one in (size - 2, size - 1, size + 1, 2 * size + 3) if one >= 0]))


def fork(log: Copy, chance: Random) -> Copy | None:
    """The operator changes what a kept checkpoint covers, and signs again."""
    edited = edit(log, chance)
    return edited and edited.sign()


def shorten(log: Copy, chance: Random) -> Copy | None:
    """The operator forgets the last entries, and signs again."""
    if not log.leaves:
        return None
    del log.leaves[-chance.randrange(1, min(len(log.leaves), 5) + 1) :]
    return log.sign()


def swap_tally(log: Copy, chance: Random) -> Copy | None:
    """The operator moves a rating from one value to another in a tally."""
    tallies = places(log, "tally_released")
    if not tallies:
        return None
    place = chance.choice(tallies)
    counts = list(log.leaves[place]["counts"])
    one, other = chance.sample(range(5), 2)
    counts[one], counts[other] = counts[one] + 1, max(0, counts[other] - 1)
    log.leaves[place] = log.leaves[place] | {"counts": counts}
    return log.sign()


def show_another_tally(log: Copy, chance: Random) -> Copy | None:
    if not log.tallies:
        return None
    counts = list(log.tallies[0]["counts"])
    counts[chance.randrange(5)] += 1
    log.tallies[0] = log.tallies[0] | {"counts": counts}
    return log


def hide_without_decision(log: Copy, chance: Random) -> Copy | None:
    """The operator takes a hiding decision out of the log, and still hides the comment."""
    hidings = places(log, "comment_moderated")
    if not hidings:
        return None
    del log.leaves[chance.choice(hidings)]
    last = max(places(log, "tally_released"), default=None)
    log.tallies = [row | {"seq": last + 1} for row in log.tallies] if last is not None else []
    return log.sign()


def hide_silently(log: Copy, chance: Random) -> Copy | None:
    """The operator shows a published comment as hidden."""
    shown = [place for place, row in enumerate(log.comments) if row["state"] == "published"]
    if not shown:
        return None
    place = chance.choice(shown)
    nothing = dict.fromkeys(("text", "salt", "author", "stance"))
    log.comments[place] = log.comments[place] | {"state": "hidden"} | nothing
    return log


def drop_comment(log: Copy, chance: Random) -> Copy | None:
    if not log.comments:
        return None
    del log.comments[chance.randrange(len(log.comments))]
    return log


def change_text(log: Copy, chance: Random) -> Copy | None:
    shown = [place for place, row in enumerate(log.comments) if row["state"] == "published"]
    if not shown:
        return None
    place = chance.choice(shown)
    log.comments[place] = log.comments[place] | chance.choice([{"text": "Other words"}, {"stance": "against"}])
    return log


def miscount(log: Copy, chance: Random) -> Copy:
    counts = dict(log.measures[0]["comments"])
    counts[chance.choice(["submitted", "published", "erased"])] += 1
    log.measures[0] = log.measures[0] | {"comments": counts}
    return log


def count_twice(log: Copy, chance: Random) -> Copy | None:
    """The operator enters one rating twice in its group, counts it twice, and signs again."""
    ratings = places(log, "rating")
    if not ratings:
        return None
    place = chance.choice(ratings)
    leaf = log.leaves[place]
    log.leaves.insert(place, leaf)
    for later in range(place, len(log.leaves)):
        if log.leaves[later]["kind"] == "tally_released":
            counts = list(log.leaves[later]["counts"])
            counts[leaf["value"] - 1] += 1
            log.leaves[later] = log.leaves[later] | {"counts": counts}
    log.tallies = [
        row | {"seq": row["seq"] + 1, "counts": log.leaves[row["seq"]]["counts"], "n": row["n"] + 1}
        for row in log.tallies
    ]
    return log.sign()


MUTATIONS = (
    drop,
    reorder,
    edit,
    add,
    forge,
    flip,
    wrong_size,
    fork,
    shorten,
    swap_tally,
    show_another_tally,
    hide_without_decision,
    hide_silently,
    drop_comment,
    change_text,
    miscount,
    count_twice,
)
