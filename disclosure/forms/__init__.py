"""What the public's pages ask."""
