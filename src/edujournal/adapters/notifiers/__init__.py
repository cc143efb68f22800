"""Notifiers: channels over which letters go. Each is loaded when it is asked for."""
