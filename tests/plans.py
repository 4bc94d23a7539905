"""What PostgreSQL would do for a statement: which growing tables it would read from end to end."""

import json

from django.db import connection

# Tables with a row for each thing that people do. The others hold as much as a programme has measures and rules.
GROWING = {
    "accounts_user",
    "feedback_comment",
    "feedback_commentversion",
    "feedback_commentvote",
    "feedback_commentwords",
    "feedback_decision",
    "feedback_deskwords",
    "feedback_ledgerentry",
    "feedback_participant",
    "feedback_rating",
    "feedback_report",
    "feedback_notice",
}


def forbid_scans() -> None:
    """For this transaction, no plan that reads a table from end to end where there is another: the tables are small, so
    that PostgreSQL would do so whatever their indexes, and which join it takes would go by chance."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for kind in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{kind} = off")


def scans_of(sql: str) -> list[str]:
    """The scans of growing tables in the plan of `sql`: "table: kind of node"."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return list(_scans(plan[0]["Plan"], limited=False))


def _scans(node: dict, *, limited: bool):
    """A table is read from end to end by a sequential scan, or by an index without a condition of which no limit
    takes the beginning."""
    kind, table = node["Node Type"], node.get("Relation Name")
    unbounded = kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node and not limited
    if kind == "Bitmap Heap Scan":
        unbounded = any(
            "Index Cond" not in below for below in node["Plans"] if below["Node Type"] == "Bitmap Index Scan"
        )
    if table in GROWING and (kind == "Seq Scan" or unbounded):
        yield f"{table}: {kind}"
    # What sorts or counts reads all that is below it, whatever limit stands above.
    goes_on = (limited or kind == "Limit") and kind not in {"Sort", "Aggregate", "Hash", "WindowAgg"}
    for child in node.get("Plans", []):
        yield from _scans(child, limited=goes_on)
