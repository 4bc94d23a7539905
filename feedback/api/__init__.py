"""The REST API, version 1: everything that is public, for programs; and writing, for those who sign in."""
