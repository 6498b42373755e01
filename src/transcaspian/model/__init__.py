"""The nouns: frozen values that hold still. Nothing here imports a numeric library."""
