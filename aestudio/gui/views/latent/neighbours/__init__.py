"""Real images that are near a decoded one."""
