"""The weights of the two date readers; README.md says what they were trained on, and how they read."""
