"""Views: what people read."""
