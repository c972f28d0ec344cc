"""What a stream has sent before: fetches what was missed, and keeps how far it was processed."""
