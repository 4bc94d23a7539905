"""Static files as they are collected while the portal serves them, and found while it is replaced."""

import gzip
import os
import re
import zlib
from pathlib import Path

from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import IsDirectoryError, MissingFileError
from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}\.[^.]+$")


class KeptStaticFiles(CompressedManifestStaticFilesStorage):
    """A file named by what is in it is never away, nor half written, for whoever asks for it meanwhile.

    Django deletes such a file and writes it anew with each `collectstatic`, and a request in between is a fault.
    """

    def delete(self, name):
        if not HASHED.search(name):
            super().delete(name)

    def _save(self, name, content):
        path = Path(self.path(name))
        if not (HASHED.search(name) and path.exists()):
            return super()._save(name, content)
        content.seek(0)
        if path.read_bytes() != (whole := content.read()):  # cut off by a full disk, or by a loss of power
            anew = path.with_name(f"{path.name}.new")
            anew.write_bytes(whole)
            os.replace(anew, path)
        return name

    def compress_files(self, paths):
        yield from super().compress_files([name for name in paths if not self._is_compressed(name)])

    def _is_compressed(self, name: str) -> bool:
        path = Path(self.path(name))
        try:
            return gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
        except (OSError, EOFError, zlib.error):
            return False


class StaticFiles(WhiteNoiseMiddleware):
    """Serve what was there when the process started, and files that their content names as they come.

    During an upgrade a page of a process that runs the new version names files that came after the old one started, and
    whichever of the two gets the request for them has to have them.
    """

    def __call__(self, request):
        url = request.path_info
        if url.startswith(self.static_prefix) and url not in self.files and HASHED.search(url):
            self.look_for(url)
        return super().__call__(request)

    def look_for(self, url: str) -> None:
        if self.static_root and self.url_is_canonical(url):
            try:
                path = os.path.join(self.static_root, url.removeprefix(self.static_prefix))
                self.files[url] = self.get_static_file(path, url)
            except (MissingFileError, IsDirectoryError):
                pass
