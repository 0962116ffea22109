"""The Latent view and its parts."""
