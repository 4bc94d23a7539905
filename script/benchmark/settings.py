"""The portal's settings with the limits' addresses beside its own."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "script.benchmark.urls"
