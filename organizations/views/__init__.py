"""The administrators' pages and the own account."""
