"""Pages are painted once what stands at their top has arrived: nothing that is seen moves aside for what follows."""

import re

import pytest
from django.urls import reverse

from tests.programme_builders import make_measure


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "waits_for"), [("home", "head"), ("search", "head"), ("measure", "questions")])
def test_a_page_waits_with_painting_for_a_part_that_it_has(client, name, waits_for):
    measure = make_measure()
    page = client.get(reverse(name, args=[measure.slug] if name == "measure" else [])).content.decode()
    assert re.findall('<link rel="expect" href="#([^"]+)" blocking="render">', page) == [waits_for]
    assert page.count(f' id="{waits_for}"') == 1
