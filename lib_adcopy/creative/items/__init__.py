"""The parts of a stack of type: each knows what space it takes at a headline size, and sets itself there."""
