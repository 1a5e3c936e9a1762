"""How the models and weights that ship were trained: the starter, its prefixes, the weights of the law's likeness.

Each recipe is one command, `python -m lib_adcopy.training.recipes.NAME`; `--help` lists what it reads and writes.
"""
