"""A thousand slow clients at the shipped nginx configuration, while somebody else goes on reading.

Needs nginx, slowhttptest and openssl (Debian: apt-get install nginx-light slowhttptest openssl).
"""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

from script.tortures.machinery import ROOT, Figure, Portal, free_port

SITE = ROOT / "deploy" / "nginx"
# What docs/deploy.md sets in nginx's own file.
WORKERS = "worker_processes auto; worker_rlimit_nofile 16384; events { worker_connections 4096; }"
KINDS = {
    "headers": ["-H"],
    "bodies": ["-B", "-s", "1000000"],
    "reading": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "32", "-k", "3"],
}
CLIENTS = 1000


class Nginx:
    """nginx with the shipped site before a portal, on free ports and with a certificate of its own."""

    def __init__(self, portal: Portal):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-nginx-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        self.certificate = certificate
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
            + ["-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
        site = (SITE / "portal.conf").read_text(encoding="utf-8")
        changes = {
            r"ssl_certificate_key [^;]+": f"ssl_certificate_key {key}",
            r"ssl_certificate [^;]+": f"ssl_certificate {certificate}",
            r"/var/log/nginx": str(self.folder),
            r"127\.0\.0\.1:8000": f"127.0.0.1:{portal.port}",
            r"listen 80;": f"listen 127.0.0.1:{free_port()};",
            r"listen 443 ssl http2;": f"listen {self.port} ssl http2;",
            r"\n    listen \[::\][^;]*;": "",
            r"server_name portal\.example\.org": "server_name localhost",
        }
        for what, by in changes.items():
            site = re.sub(what, by, site)
        formats = (SITE / "portal-log.conf").read_text(encoding="utf-8")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{kind}_temp_path {self.folder / kind};" for kind in kinds)
        main = self.folder / "nginx.conf"
        main.write_text(
            f"daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log; {WORKERS} "
            f"http {{ {paths}\n{formats}\n{site} }}"
        )
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([program, "-c", str(main), "-p", str(self.folder)])

    def answers(self) -> bool:
        """Whether it has begun."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def said(self, method: str, path: str, **more) -> SimpleNamespace:
        """What it answers: status, headers, text."""
        trusting = ssl.create_default_context(cafile=self.certificate)
        trusting.check_hostname = False
        with closing(http.client.HTTPSConnection("127.0.0.1", self.port, context=trusting, timeout=20)) as connection:
            connection.request(method, path, **more)
            answer = connection.getresponse()
            return SimpleNamespace(status=answer.status, headers=answer.headers, text=answer.read().decode())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


class Reader:
    """Somebody at another address, who asks for a page twice a second."""

    def __init__(self, port: int, certificate: Path):
        self.port, self.certificate, self.going = port, certificate, True
        self.statuses: list[int] = []
        self.slowest = 0.0
        self.thread = threading.Thread(target=self.read)

    def read(self) -> None:
        trusting = ssl.create_default_context(cafile=self.certificate)
        trusting.check_hostname = False  # it is asked for by a number
        while self.going:
            began = time.monotonic()
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=20, context=trusting, source_address=("127.0.0.2", 0)
            )
            try:
                connection.request("GET", "/en/moderation/", headers={"Host": "localhost"})
                answer = connection.getresponse()
                answer.read()
                self.statuses.append(answer.status)
            except OSError:
                self.statuses.append(0)
            finally:
                connection.close()
            self.slowest = max(self.slowest, time.monotonic() - began)
            time.sleep(0.5)


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: each kind of slowness for half a minute."""
    seconds = max(15, int(30 * size))
    missing = [name for name in ("slowhttptest", "openssl", "nginx") if not _found(name)]
    if missing:
        return [Figure(f"not measured: {', '.join(missing)} is not installed", "-", "-", holds=False)]
    portal = Portal("sqlite:///var/torture-slow.sqlite3", DEBUG="true", TRUSTED_PROXIES="1")
    rows, nginx = [], None
    try:
        portal.fill()
        portal.start("web")
        nginx = Nginx(portal)
        while not nginx.answers():
            time.sleep(0.1)
        for kind, options in KINDS.items():
            rows += _attack(nginx, kind, options, seconds)
    finally:
        if nginx:
            nginx.stop()
        portal.stop()
        for path in ("", "-wal", "-shm"):
            (ROOT / f"var/torture-slow.sqlite3{path}").unlink(missing_ok=True)
    return rows


def _found(name: str) -> bool:
    return bool(shutil.which(name) or shutil.which(f"/usr/sbin/{name}"))


def _attack(nginx: Nginx, kind: str, options: list[str], seconds: int) -> list[Figure]:
    reader = Reader(nginx.port, nginx.certificate)
    reader.thread.start()
    address = f"https://127.0.0.1:{nginx.port}/en/moderation/"
    subprocess.run(
        ["slowhttptest", *options, "-c", str(CLIENTS), "-r", "200", "-i", "5", "-x", "24", "-l", str(seconds)]
        + ["-p", "5", "-u", address],
        capture_output=True,
    )
    reader.going = False
    reader.thread.join()
    served = sum(status == 200 for status in reader.statuses)
    return [
        Figure(
            f"slow {kind} × {CLIENTS}: pages served to somebody else", f"{served} of {len(reader.statuses)}",
            "all", served == len(reader.statuses) >= 5,
        ),
        Figure(f"slow {kind}: the slowest of them, seconds", round(reader.slowest, 2), "≤ 5", reader.slowest <= 5),
    ]  # fmt: skip
