"""Commands, one file each: the function `command` of a module is the command of the module's name."""
