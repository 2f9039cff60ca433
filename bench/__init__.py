"""Benchmarks: what the portal does against another way to do the same, in turn, in one process. See targets.toml."""
