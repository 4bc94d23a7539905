"""A Python client that is generated from the API's description, as a stranger would make it, pulls every comment."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import hide, make_comment
from tests.programme_builders import make_measure

PULL = """
import sys
from urllib.parse import parse_qs, urlsplit
from client import Client
from client.api.comments import get_comments
from client.types import UNSET

cursor = UNSET
with Client(base_url=sys.argv[1], raise_on_unexpected_status=True) as api:
    while True:
        page = get_comments.sync(client=api, page_size=2, cursor=cursor)
        for comment in page.results:
            print(comment.id, comment.state.value, comment.text)
        if page.next_ is None:
            break
        cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0]
"""


@pytest.mark.django_db(transaction=True)
def test_a_generated_client_pulls_all_comments(live_server, client, tmp_path):
    measure = make_measure()
    comments = {make_comment(measure, text=f"Comment {number}."): f"published Comment {number}." for number in range(5)}
    comments[hide(make_comment(measure, text="Nobody's business."))] = "hidden None"
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(json.loads(client.get("/api/v1/openapi.json").content)))
    generator = Path(sys.executable).parent / "openapi-python-client"
    subprocess.run(
        [generator, "generate", "--path", described, "--meta", "none", "--output-path", tmp_path / "client"], check=True
    )
    (tmp_path / "pull.py").write_text(PULL)
    pulled = subprocess.run(
        [sys.executable, "pull.py", live_server.url], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert sorted(pulled.stdout.splitlines()) == sorted(f"{comment.pk} {said}" for comment, said in comments.items())
