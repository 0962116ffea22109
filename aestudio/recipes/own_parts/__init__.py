"""Networks and objectives of the user: Python folders that need permission, and installed packages."""
