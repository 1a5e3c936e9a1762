"""Recipes of the models that ship: the starter, its prefixes, the law's likeness weights.

Each recipe is one command, `python -m lib_adcopy.training.recipes.NAME`; `--help` lists what it reads and writes.
"""
