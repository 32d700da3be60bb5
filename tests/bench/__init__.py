"""Figures of speed, from synthetic portfolios with a fixed seed: `python -m tests.bench`."""
