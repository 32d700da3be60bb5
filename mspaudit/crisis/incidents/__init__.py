"""Incidents: opened in a minute, their clocks in hours, their log that nobody rewrites, their lessons."""
