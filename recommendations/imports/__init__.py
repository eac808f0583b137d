"""The back catalogue: publications that appeared before or outside this installation, taken over from a file."""
