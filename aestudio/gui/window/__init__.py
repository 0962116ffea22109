"""The main window and what surrounds the views: menus, sidebars, status line, history bar, dialogs."""
