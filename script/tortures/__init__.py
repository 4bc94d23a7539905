"""What takes minutes to hold: each module has `figures(size)`, which gives rows for the table of `script/torture`."""
