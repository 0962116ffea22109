"""What can be trained, as declarations: settings, recipes and their library. No torch."""
