"""Pages that a process keeps in memory, compressed, up to a bound; the ones asked for longest ago leave first."""

import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

# What an entry weighs beside its bytes: keys, headers, locks.
OVERHEAD = 2000


@dataclass
class KeptPage:
    """One page as it is sent. `until` and `confirmed` are moments of the monotonic clock, in seconds."""

    version: tuple
    headers: list[tuple[str, str]]
    compressed: bytes
    etag: str
    until: float
    confirmed: float

    @classmethod
    def of(cls, content: bytes, headers: list[tuple[str, str]], version: tuple, now: float, seconds: float):
        """The page whose bytes are `content`: the same bytes have the same ETag, on every machine."""
        etag = f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
        return cls(version, headers, gzip.compress(content, 6, mtime=0), etag, now + seconds, now)

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.compressed)

    @cached_property
    def weight(self) -> int:
        """Bytes of memory, about."""
        return len(self.compressed) + sum(len(name) + len(value) for name, value in self.headers) + OVERHEAD


@dataclass
class Making:
    """A page that one thread is making and others wait for."""

    began: float
    done: threading.Event = field(default_factory=threading.Event)
    page: KeptPage | None = None


class PageStore:
    """Pages by key; safe to use from several threads."""

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self.bytes = 0
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple, KeptPage] = OrderedDict()
        self._making: dict[tuple, Making] = {}

    def __len__(self):
        return len(self._pages)

    def find(self, key: tuple) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: tuple, page: KeptPage) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.bytes += page.weight
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.bytes = 0

    def begin(self, key: tuple, now: float) -> tuple[Making, bool]:
        """The making of a page, and whether it is the caller's to do and to `end`."""
        with self._lock:
            if key in self._making:
                return self._making[key], False
            self._making[key] = Making(now)
            return self._making[key], True

    def end(self, key: tuple, page: KeptPage | None) -> None:
        """Hand what was made, if anything, to those who wait."""
        with self._lock:
            making = self._making.pop(key)
        making.page = page
        making.done.set()

    def _drop(self, key: tuple) -> None:
        page = self._pages.pop(key, None)
        if page:
            self.bytes -= page.weight
