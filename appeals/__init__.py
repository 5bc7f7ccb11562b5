"""申诉: a unit or a member of staff contests a rating before a drawn panel; the ruling and its three effects."""
