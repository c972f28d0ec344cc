"""Order books: levels, and how they stay in step with their stream."""
