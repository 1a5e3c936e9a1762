"""Painting: grounds, pictures in their frames, shapes, and type in a colour that is readable where it stands."""
