"""A region: the journals of many schools, audited at once, on whatever engine counts best."""
