"""Fits the model of kinds to annotated text: `python -m pipelines.text.entities.classifier.training`."""
