"""What the views are put together from: each shows one thing and knows no view."""
