"""The sub-tab "Create": the work on the left, step by step, the result on the right."""
