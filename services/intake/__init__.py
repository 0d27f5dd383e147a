"""intake: the clients' door. HTTP in, `document.received` out; knows nothing about forms."""
