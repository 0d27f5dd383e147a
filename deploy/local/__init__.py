"""All of Wetink on one machine: the local broker, the supervisor, `make up` and `make demo`."""
