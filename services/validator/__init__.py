"""validator: judgement. Page readings in, findings out; rules are pure, forms are data."""
