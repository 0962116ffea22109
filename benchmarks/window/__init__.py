"""The whole window driven from a script: how late its event loop is, how soon it starts, what it holds."""
