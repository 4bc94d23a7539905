"""What speaks for looking at a comment first: found in its text and around it, explained, and never a verdict."""
