"""AE Studio: pick an autoencoder, train it on MNIST, walk through its latent space."""

__version__ = "0.1.0"
