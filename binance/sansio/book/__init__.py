"""Order books: levels, and how they stay in sync with their stream."""
