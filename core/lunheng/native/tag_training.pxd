"""Train a chain of labels by stochastic gradients of a likelihood with margin."""
