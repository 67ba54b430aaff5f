"""What is done in the training, one transaction each."""

from training.services.completion import complete_cohort

__all__ = ["complete_cohort"]
