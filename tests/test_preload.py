"""An upgrade puts new files under processes that still run: they read nothing of the portal's once they have begun."""

import os
import subprocess
import sys

from django.conf import settings

PROGRAM = """
import io, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from portal.wsgi import application
from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils.translation import gettext, override
from portal.preload import own_templates
opened.clear()
names = list(own_templates())
for name in names:
    engines["django"].get_template(name)
for language, _name in settings.LANGUAGES:
    with override(language):
        gettext("Administration")
        reverse("admin:index")
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
           "HTTP_HOST": "localhost", "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http"}
said = []
application(environ, lambda status, headers: said.append(status))
print(said, len(names) > 100, [path for path in opened if path.startswith(str(settings.BASE_DIR))
      and not path.startswith(str(settings.VAR_DIR)) and ".venv" not in path])
"""


def test_a_web_process_that_runs_reads_no_module_template_or_catalogue_from_files(tmp_path):
    environment = os.environ | {
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "false",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
    }
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert ran.stdout.splitlines()[-1:] == ["['200 OK'] True []"], ran.stderr
