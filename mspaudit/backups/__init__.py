"""What is saved, proved by heartbeats, report mails and restore tests."""
