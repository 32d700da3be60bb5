"""Directory accounts and their second factor, as exports show them, matched to people."""
