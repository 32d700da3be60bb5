"""Files an MSP already has: recognised from their headers, previewed, written by a worker, undone."""
