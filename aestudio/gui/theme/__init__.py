"""How the studio looks: tokens, style sheet, colours of images and errors, icons."""
