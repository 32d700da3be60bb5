"""The client's own space: what is left to answer, one question a screen, and who helps."""
