"""What a command shows in a terminal: statistics of streams, pictures of them, the screen."""
