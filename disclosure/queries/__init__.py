"""Questions about what is public, what waits to become so, and what a case has to tell."""
