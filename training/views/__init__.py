"""Pages of the training."""
