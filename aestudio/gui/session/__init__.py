"""The application's state, a frozen value, and the few objects that may replace it."""
