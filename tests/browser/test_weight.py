"""A first visit to a measure's page is light, asks for little, and does not jump about."""

import pytest

from feedback.ledger.sequencer import sequence
from principles.models import Measure
from tests.builders import make_comment, make_participant, rate_by_many

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

SHIFTS = """
new Promise((resolve) => {
  let shift = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => resolve(shift), 300));
})
"""


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_first_visit_to_a_measure_costs_at_most_60_kb_and_6_requests(page, programme, language):
    measure = Measure.objects.get(slug="modern-classrooms")
    rate_by_many(measure, [1, 2, 3, 4, 5] * 2)
    author = make_participant()
    for number in range(25):
        comment = make_comment(measure, by=author, text=f"Comment {number}. " + "Words about schools. " * 20)
        make_comment(measure, by=author, parent=comment, text="A reply. " + "More words. " * 10)
    sequence()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"/{language}/measures/{measure.slug}/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) == 0
    assert len(sizes) <= 6
    assert sum(sizes) <= 60 * 1024
