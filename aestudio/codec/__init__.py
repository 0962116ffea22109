"""Images as files: codes and whole images, entropy-coded under the probabilities of a model."""
