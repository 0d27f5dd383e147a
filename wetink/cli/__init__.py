"""The command line: the one place that may import services, and only when a command needs them."""
