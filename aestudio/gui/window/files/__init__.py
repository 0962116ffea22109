"""Files that the user opens or writes by the File menu, or drops onto the window."""
