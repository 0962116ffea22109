"""Small conditional models for tests: parts of a recipe, as a user would write them."""
