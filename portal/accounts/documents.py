"""The texts that a person agrees to when registering, each with its current version."""

VERSIONS = {"privacy": "2026-11-30.5", "rules": "2026-11-30"}
