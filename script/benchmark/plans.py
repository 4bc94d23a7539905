"""What the pages named as arguments scan: `python -m script.benchmark.plans ADDRESS…` on the settings' database.

Writes JSON to standard output: for each address, its statements that read a growing table from end to end.
"""

import json
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.builders import staff_client  # noqa: E402
from tests.plans import scans_of  # noqa: E402


def main() -> None:
    client = staff_client(get_user_model().objects.get(email="bench-staff@demo.invalid"))
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    found = {}
    for address in sys.argv[1:]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/{address}")
        if response.status_code != 200:
            sys.exit(f"/{address} answered {response.status_code}.")
        found[address] = [scan for query in queries.captured_queries for scan in scans_of(query["sql"])]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
