"""What the web page shows besides the code in `resources/web`."""
