"""The order of a stream's events: cursors, gaps, and the merge of two links."""
