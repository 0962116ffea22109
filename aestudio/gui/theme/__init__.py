"""The appearance of the window: design tokens, style sheet, colours of images and errors, icons."""
