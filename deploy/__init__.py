"""How Wetink is set up and run; imports nothing of the services."""
