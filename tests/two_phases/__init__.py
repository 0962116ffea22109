"""A model for tests: an autoencoder with batch normalisation and a critic of its codes, in two phases."""
