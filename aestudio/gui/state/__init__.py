"""All that the window shows as frozen values, and pure reducers over them. No Qt, no torch."""
