"""What can be trained, as declarations: settings, recipes and the library of recipes. No torch."""
