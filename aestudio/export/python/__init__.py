"""Steps of a model as Python that needs torch alone."""
