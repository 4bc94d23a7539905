"""What `script/bench` runs: the portal as in production, and the limits to measure it against in the same run."""
