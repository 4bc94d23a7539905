"""Dumps: the open data as files at permanent addresses, with checksums and a data dictionary."""

import hashlib

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.utils.cache import get_conditional_response

from feedback.api import cursor
from feedback.api.cursor import Order
from feedback.api.parameters import ROWS
from feedback.api.reading import Detail, List, Reading
from feedback.dumps import shelf

MEDIA_TYPES = {
    "gz": "application/gzip",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    shelf.SUMS: "text/plain; charset=utf-8",
}
LASTING = f"public, max-age={365 * 24 * 3600}, immutable"
CHANGING = "public, max-age=3600"
NAME = {"schema": {"type": "string", "pattern": f"^{shelf.NAME}$"}, "example": "2026-11-24-7679"}
FILE = {"schema": {"type": "string", "pattern": f"^({shelf.FILE})$"}, "example": "comments.csv.gz"}


def dump_body(dump: shelf.Dump) -> dict:
    """A dump as the API writes it."""
    url = shelf.address(f"{dump.name}/")
    return {
        "name": dump.name,
        "date": dump.date,
        "created": dump.created,
        "seq": dump.seq,
        "log": dump.log,
        "url": url,
        "datapackage": f"{url}{shelf.PACKAGE}",
        "checksums": f"{url}{shelf.SUMS}",
        "files": [
            {
                "table": row["table"],
                "format": row["format"],
                "url": f"{url}{row['file']}",
                "bytes": row["bytes"],
                "sha256": row["sha256"],
                "rows": row["rows"],
            }
            for row in dump.files
        ],
    }


class Dumps(List):
    """Dumps of the open data, newest first, each one snapshot at an entry of the ledger."""

    shape = "DumpPage"
    names = ("name", "date", "created", "seq", "log", "url", "datapackage", "checksums", "files")
    speaks = False
    orders = {"-created": Order((("created", "text"), ("name", "text")), descending=True)}

    def get(self, request, **keys):
        (order,) = self.orders.values()
        size = self.values.get("page_size", ROWS)
        dumps, place, backwards = shelf.kept(), None, False
        if "cursor" in self.values:
            place, backwards = cursor.read(self.values["cursor"], order)
        newer = [dump for dump in dumps if place and order.place_of(dump) > place]
        older = [dump for dump in dumps if not place or order.place_of(dump) < place]
        found = newer[-size:] if backwards else older[:size]
        ahead = bool(found) and found[-1] is not dumps[-1]
        behind = bool(found) and found[0] is not dumps[0]
        return self.answer(
            request,
            {
                "next": self.address(request, order.place_of(found[-1]), False) if ahead else None,
                "previous": self.address(request, order.place_of(found[0]), True) if behind else None,
                "results": [self.chosen(dump_body(dump)) for dump in found],
            },
        )


class OneDump(Detail, Dumps):
    """One dump, by its name."""

    shape = "Dump"
    keys = {"name": NAME}

    def get(self, request, name):
        return self.one(request, shelf.find(name))

    def one(self, request, dump: shelf.Dump | None):
        if dump is None:
            raise Http404
        return self.answer(request, self.chosen(dump_body(dump)))


class LatestDump(OneDump):
    """The newest dump."""

    missing = True
    keys = {}

    def get(self, request):
        return self.one(request, next(iter(shelf.kept()), None))


class File(Reading):
    """A file of a dump, as it lies on the disk."""

    shape = "File"
    speaks = False
    media = ("application/gzip", "application/vnd.apache.parquet", "application/json", "text/plain")
    keys = {"name": NAME, "file": FILE}

    def get(self, request, name, file):
        dump = shelf.find(name)
        try:
            etag = _etag(dump, file) if dump else None
            if etag is None:
                raise Http404
            response = get_conditional_response(request._request, etag=etag) or self.whole(request, dump, file)
        except FileNotFoundError:  # removed at this moment
            raise Http404 from None
        response["ETag"] = etag
        response["Cache-Control"] = CHANGING if _may_change(file) else LASTING
        return response

    def whole(self, request, dump: shelf.Dump, file: str) -> HttpResponse:
        path = dump.folder / file
        media_type = MEDIA_TYPES[file if file == shelf.SUMS else file.rpartition(".")[2]]
        # Compressed already: the middleware that compresses answers would do it again.
        request._request.META.pop("HTTP_ACCEPT_ENCODING", None)
        if request.method == "HEAD":
            headers = {"Content-Length": str(path.stat().st_size)}
            return HttpResponse(content_type=media_type, headers=headers)
        response = FileResponse(path.open("rb"), content_type=media_type)
        response.block_size = 2**16
        response["Content-Disposition"] = f'attachment; filename="{dump.name}-{file}"'
        return response


class LatestFile(Reading):
    """Where a file of the newest dump is."""

    shape = "File"
    speaks = False
    redirects = True
    keys = {"file": FILE}

    def get(self, request, file):
        newest = next(iter(shelf.kept()), None)
        if newest is None or _etag(newest, file) is None:
            raise Http404
        response = HttpResponseRedirect(f"{settings.SITE_URL}/api/v1/dumps/{newest.name}/{file}")
        response["Cache-Control"] = f"public, max-age={self.fresh}"
        return response


def _etag(dump: shelf.Dump, file: str) -> str | None:
    """The strong ETag of a file, from its checksum; None where the dump has no such file."""
    described = file in {shelf.PACKAGE, shelf.SUMS}
    sha256 = hashlib.sha256((dump.folder / file).read_bytes()).hexdigest() if described else dump.sha256_of(file)
    return f'"{sha256}"' if sha256 else None


def _may_change(file: str) -> bool:
    """Whether what was taken back may still be taken out of a file: `feedback.dumps.clearing`."""
    return file in {shelf.PACKAGE, shelf.SUMS} or file.startswith("comments.")
