"""Deadlines, what is said of them, who is told and when."""
