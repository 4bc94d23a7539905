"""The deploy files are sound, and say what the portal itself declares."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import environ
import pytest
from django.conf import settings

from feedback.management.commands.run_sequencer import REFUSED
from script.tortures.machinery import free_port
from script.tortures.slow import Nginx
from tests.processes import wait_until

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))


def unit(name: str) -> str:
    return (DEPLOY / "systemd" / name).read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_the_units_are_clean(tmp_path):
    # Names that only a deployed machine has are exchanged for what is here.
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/srv/portal", str(ROOT))
        text = re.sub(r"^(User|Group)=(portal|postgres)$", r"\1=daemon", text, flags=re.MULTILINE)
        text = text.replace("/usr/local/sbin", str(DEPLOY / "postgresql"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_is_confined(name):
    lines = unit(name).splitlines()
    owner = "postgres" if name == "portal-base-backup.service" else "portal"
    wanted = ["NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", f"User={owner}"]
    assert [line for line in wanted if line not in lines] == []


def test_a_refused_ledger_is_not_looked_at_again_every_two_seconds():
    status = re.search(r"^RestartPreventExitStatus=(\d+)$", unit("portal-sequencer.service"), re.MULTILINE)[1]
    assert int(status) == REFUSED


def test_the_web_server_may_be_stopped_while_its_processes_are_replaced():
    """It sees to nothing else until the last new one has been given its time beside the old one."""
    text = unit("portal-web.service")
    workers, beside, kill = (
        int(re.search(rf"--{name} (\d+)", text)[1]) for name in ("workers", "respawn-interval", "workers-kill-timeout")
    )
    # Until the first was ready, 40 s were seen on a machine with six times the load that it carries.
    assert beside >= 30
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[1]) >= workers * beside + kill


def test_the_settings_of_the_page_lead_to_postgresql_s_socket_as_the_portal_s_own_user():
    written = re.search(r"^DATABASE_URL=(.*)$", PAGE, re.MULTILINE)[1]
    database = environ.Env.db_url_config(written)
    found = {key: database[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    assert found == {"HOST": "/var/run/postgresql", "PORT": "", "USER": "portal", "PASSWORD": "", "NAME": "portal"}


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_nginx_takes_the_configuration(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x"]
        + ["-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx" / "portal.conf").read_text(encoding="utf-8")
    site = re.sub(r"ssl_certificate_key [^;]+", f"ssl_certificate_key {key}", site)
    site = re.sub(r"ssl_certificate [^;]+", f"ssl_certificate {certificate}", site).replace(
        "/var/log/nginx", str(tmp_path)
    )
    formats = (DEPLOY / "nginx" / "portal-log.conf").read_text(encoding="utf-8")
    paths = "".join(
        f"{name}_temp_path {tmp_path / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {paths}\n{formats}\n{site} }}"
    )
    checked = subprocess.run([NGINX, "-t", "-c", str(main), "-p", str(tmp_path)], capture_output=True, text=True)
    assert (checked.returncode, "[warn]" in checked.stderr, checked.stderr if checked.returncode else "") == (
        0,
        False,
        "",
    )


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_nginx_may_open_a_file_for_each_connection_that_the_page_gives_it(tmp_path):
    main = tmp_path / "nginx.conf"
    # As Debian ships it, and with the limit that systemd gives.
    main.write_text(
        f"worker_processes auto;\npid {tmp_path}/pid;\nerror_log stderr warn;\n"
        "events {\n\tworker_connections 768;\n}\n"
    )
    command = re.search(r"^(sed -i .*) /etc/nginx/nginx\.conf", PAGE, re.MULTILINE)[1]
    subprocess.run(["sh", "-c", f"{command} {main}"], check=True)
    checked = subprocess.run(
        ["sh", "-c", f"ulimit -Sn 1024; {NGINX} -t -c {main} -p {tmp_path}"], capture_output=True, text=True
    )
    assert (checked.returncode, "[warn]" in checked.stderr) == (0, False)
    assert "worker_connections 4096;" in main.read_text()


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_the_proxy_says_in_our_own_words_what_the_portal_cannot_say():
    nginx = Nginx(SimpleNamespace(port=free_port()))  # nobody is there
    try:
        wait_until(nginx.answers)
        page, api = nginx.said("GET", "/kk/"), nginx.said("GET", "/api/v1/comments/")
        assert (page.status, page.headers["Retry-After"], "кейін" in page.text) == (503, "10", True)
        assert (api.status, api.headers["Retry-After"]) == (503, "10")
        large = nginx.said("POST", "/api/v1/comments/", body=b"x", headers={"Content-Length": "9000000"})
        for problem, status in ((api, 503), (large, 413)):
            assert (problem.status, problem.headers["Content-Type"]) == (status, "application/problem+json")
            assert json.loads(problem.text)["status"] == status
    finally:
        nginx.stop()


def test_the_proxy_lets_no_more_through_than_the_portal_takes_and_forwards_no_forged_address():
    site = (DEPLOY / "nginx" / "portal.conf").read_text(encoding="utf-8")
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", site)[1])
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < megabytes * 2**20 <= 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in site
    assert "location = /metrics { return 404; }" in site
    logged = (DEPLOY / "nginx" / "portal-log.conf").read_text(encoding="utf-8")
    assert ("remote_addr" in logged, "args" in logged, "request_uri" in logged) == (False, False, False)


def test_the_container_runs_the_units_command_line():
    said = json.loads(re.search(r"^CMD (.*)$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[1])
    line = re.search(r"^ExecStart=/srv/portal/(.*)$", unit("portal-web.service"), re.MULTILINE)[1]
    assert " ".join(said).replace("--host 0.0.0.0", "--host 127.0.0.1") == line  # noqa: S104
