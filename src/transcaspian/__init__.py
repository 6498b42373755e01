"""The open, executable model of the Trans-Caspian International Transport Route."""
