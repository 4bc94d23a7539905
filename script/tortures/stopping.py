"""Stopping and replacing the web server under load: what it took is answered."""

import http.client
import signal
import threading
import time

from script.tortures.machinery import ROOT, Figure, Portal

READERS = 8
REPLACING = 90  # seconds


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: the web server's processes are replaced five times (SIGHUP), then stopped (SIGTERM)."""
    times = max(1, int(5 * size))
    portal = Portal("sqlite:///var/torture-stopping.sqlite3", DEBUG="true")
    rows = []
    try:
        portal.fill()
        portal.start("web")
        main = portal.processes["web"]
        for name, signals in (("replaced", [signal.SIGHUP] * times), ("stopped", [signal.SIGTERM])):
            load = Load(portal.port)
            load.start()
            time.sleep(3)
            for sent in signals:
                main.send_signal(sent)
                # Each of two workers stays for half a minute beside the new one.
                time.sleep(REPLACING if sent == signal.SIGHUP else 5)
            load.stop()
            answered, cut, refused = load.answered, load.cut, load.refused
            bad = cut + (refused if name == "replaced" else 0)
            what = f"requests cut or failed while {name} under load, of {answered + cut}"
            rows.append(Figure(what, bad, "0", answered > 0 and bad == 0))
    finally:
        portal.stop()
        for path in ("", "-wal", "-shm"):
            (ROOT / f"var/torture-stopping.sqlite3{path}").unlink(missing_ok=True)
    return rows


class Load:
    """Readers that ask one after another; a request is cut when it was sent and no answer came."""

    def __init__(self, port: int):
        self.port, self.going = port, True
        self.answered = self.cut = self.refused = 0
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]
        self.lock = threading.Lock()

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.going = False
        for thread in self.threads:
            thread.join()

    def read(self) -> None:
        while self.going:
            self.note(self.ask())

    def ask(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.05)
            return "refused"
        try:
            connection.request("GET", "/en/moderation/", headers={"Connection": "close"})
            answer = connection.getresponse()
            answer.read()
            return "answered" if answer.status < 500 else "cut"
        except (OSError, http.client.HTTPException):
            return "cut"
        finally:
            connection.close()

    def note(self, what: str) -> None:
        with self.lock:
            setattr(self, what, getattr(self, what) + 1)
