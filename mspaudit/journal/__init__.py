"""Who did what, append-only, written in the same transaction as what it tells."""
