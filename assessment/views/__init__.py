"""The doors of figures: one file for each of what they show."""
