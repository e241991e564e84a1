"""What can go wrong with a model, each with a remedy."""


class ModelError(Exception):
    """A model cannot be used. The message says what to do about it."""
