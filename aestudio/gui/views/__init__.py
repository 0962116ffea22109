"""The views in the centre of the window, one file each; a new file here is a new tab."""
