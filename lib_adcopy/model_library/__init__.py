"""Model folders and prefixes: what is there, downloading more, converting to 4 or 8 bits."""
