"""Risk: three figures (posture, certainty, exposure), explained to the last point."""
