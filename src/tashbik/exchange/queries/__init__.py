"""What is read for pages, API and commands, by area; each query shows only what its actor may see."""
