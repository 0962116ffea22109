"""The latent map and what lies around it."""
