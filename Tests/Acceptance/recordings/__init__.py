"""Recorded answers of real providers: found, served as an upstream, read without Plenum, and asked for through its doors."""
