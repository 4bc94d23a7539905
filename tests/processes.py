"""Other processes of the portal, on the tests' own database."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection


def manage(*arguments: str, stdout: bool = False, **environment: str) -> subprocess.Popen:
    """`manage.py` with these arguments, beside the test; `stdout` keeps what it writes for the test to read."""
    settings = connection.settings_dict
    url = f"sqlite:///{settings['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, "DATABASE_URL": url, "DEBUG": "true", "HTTPS": "false"} | environment,
        stdout=subprocess.PIPE if stdout else None,
        text=True,
    )


def wait_until(holds, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)
