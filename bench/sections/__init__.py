"""What is measured, one module for each piece of work."""
