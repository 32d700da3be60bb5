"""What is due, to whom, told once: the timeline, alerts, digests and the calendar feed."""
