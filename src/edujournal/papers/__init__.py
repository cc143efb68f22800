"""Papers: what a school prints of its journals, as data; written as HTML or PDF by an adapter."""
