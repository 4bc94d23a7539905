"""The sequencer's work alone, once a second: `python -m script.benchmark.sequencing` on the settings' database.

The process that production runs does more - it looks through the whole ledger when it starts, and makes the night's
dumps - which would stand beside one measurement and not beside the next.
"""

import time

import django

django.setup()

from feedback.ledger.sequencer import sequence  # noqa: E402

while True:
    sequence()
    time.sleep(1)
