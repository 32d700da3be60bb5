"""A portfolio from a spreadsheet: its columns recognised, every line previewed, then written once."""
