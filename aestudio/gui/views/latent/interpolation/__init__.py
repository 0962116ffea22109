"""Parts of the interpolation panel."""
