"""Crisis plans, their exercises, and incidents with the clocks that the law starts."""
