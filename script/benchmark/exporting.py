"""How fast all comments leave the portal: `python -m script.benchmark.exporting FORMAT` on the settings' database.

FORMAT is csv, xlsx or jsonl, or `copy`: the limit, PostgreSQL's own COPY of the same columns as they are. Writes JSON
to standard output: rows a second, and the most memory that the process took, in MB.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import row

MOST_MEMORY = 150  # MB
BARS = {"csv": 0.5, "jsonl": 0.1, "xlsx": 0.05}


def rows(large: Site, small: Site) -> list[dict]:
    """Speed beside COPY in the same run; memory beside what a hundredth of the comments take, and beside 150 MB."""
    found: dict[str, list[dict]] = {name: [] for name in (*BARS, "copy")}
    for _ in range(large.options.runs):
        for name, figures in found.items():
            figures.append(measured(large, name))
    table = []
    for name, bar in BARS.items():
        speeds, limits = ([each["rows"] for each in found[which]] for which in (name, "copy"))
        table.append(row(f"export of comments, {name}", large.size, speeds, limits, unit="rows/s", bar=bar))
        memory = [each["memory"] for each in found[name]]
        few = [measured(small, name)["memory"]]
        work = f"memory of an export, {name}"
        table.append(row(f"{work}, beside a hundredth", large.size, memory, few, unit="MB", bar=0.8))
        table.append(row(f"{work}, beside the most", large.size, memory, [MOST_MEMORY], unit="MB", bar=1.0))
    return table


def measured(site: Site, name: str) -> dict[str, float]:
    return json.loads(machinery.output_of(site.settings, "script.benchmark.exporting", name))


def main(name: str) -> None:
    import django  # noqa: PLC0415 - only as a program of its own, with the settings of the database to measure

    django.setup()

    from django.db import connection  # noqa: PLC0415

    from feedback.export.contributions import COMMENTS  # noqa: PLC0415
    from feedback.export.making import Order, write_export  # noqa: PLC0415
    from feedback.export.reading import selected  # noqa: PLC0415

    columns = COMMENTS.chosen(None)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "comments"
        began = time.perf_counter()
        if name == "copy":
            sql, params = selected(COMMENTS.rows(), columns).query.sql_with_params()
            number = 0
            statement = f"COPY ({sql}) TO STDOUT (FORMAT csv)"  # noqa: S608 - our own
            with target.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement, params) as copy:
                for line in copy:
                    file.write(line)
                    number += 1
        else:
            number = write_export(Order(COMMENTS, columns, name), target)
        seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"rows": number / seconds, "memory": memory}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
