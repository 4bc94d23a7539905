"""The moderation desk, `/admin/moderation/`: one queue of what waits, and a page on which each item is decided."""
