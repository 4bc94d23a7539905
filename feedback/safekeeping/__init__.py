"""Keeping the data: copies, bringing them back, moving to another engine, and deleting what its time is up for."""
