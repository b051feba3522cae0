"""Recorded answers of real providers: found, served as an upstream, read by hand, and asked for through every door."""
