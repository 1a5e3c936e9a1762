"""The seller's product photo: loaded, cut out, placed on a new ground and proven unchanged.

Needs Pillow and numpy; the cut-out of a photo without transparency or mask needs OpenCV too.
"""
