"""What `doctor` looks at: each layer between this computer and a stream."""
