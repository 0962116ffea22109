"""Shows each widget and plot alone with sample content: `python -m tools.widget_gallery NAME`."""
