"""Everything that can be done by a menu, a key, the palette, a test or a lesson: one table of commands."""
