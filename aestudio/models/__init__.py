"""The modules that the declarations in `aestudio.recipes` name. Needs torch."""
