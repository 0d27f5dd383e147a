"""notifier: findings become flags in the case managers' queue, and webhooks to other systems."""
