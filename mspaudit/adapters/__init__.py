"""The outside world, one file each: where files are kept, how mail leaves, what comes in and goes out."""
