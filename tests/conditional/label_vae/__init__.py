"""A variational autoencoder that is told the class."""
