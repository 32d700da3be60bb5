"""``python -m mspaudit``."""

from mspaudit.cli import main

main()
