"""How the studio looks: tokens, style sheet, colours of digits and errors, icons."""
