"""The sliders of the latent dimensions."""
