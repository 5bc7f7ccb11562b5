"""The figures B1 to B11, each measured as a ratio in turns."""
