"""The mutable half: proposals while they are being written."""
