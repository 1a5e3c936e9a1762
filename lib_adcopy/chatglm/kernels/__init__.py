"""Products of activations by 8- and 4-bit weights, one file for each way to compute them on a CPU."""
