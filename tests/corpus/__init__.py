"""Files for intake, good and broken, made when a test asks. None that is dangerous lies in the repository."""
