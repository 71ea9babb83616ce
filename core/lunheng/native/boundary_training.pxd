"""Train a chain of word boundaries: gram weights by stochastic gradients of the likelihood."""
