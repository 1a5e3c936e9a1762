"""Teaching ChatGLM one's own products: the examples, P-Tuning v2, and the scores."""
