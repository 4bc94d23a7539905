"""Letters to participants and staff: what they say, and the links in them that work without signing in."""
