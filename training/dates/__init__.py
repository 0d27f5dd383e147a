"""Trains the two date readers: README.md says how."""
