"""Training ChatGLM on a seller's own examples: reading them, P-Tuning v2, and the scores."""
