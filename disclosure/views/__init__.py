"""The public's pages, and the desk's of what becomes public."""
