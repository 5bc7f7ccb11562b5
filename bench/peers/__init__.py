"""What ours is held against: the barest view that stores a rating, and a plain DRF serializer."""
