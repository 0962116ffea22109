"""An autoencoder that is told factors of variation."""
