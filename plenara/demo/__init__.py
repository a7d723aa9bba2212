"""The sample installation: two consultations with made-up people, made by the actions that the product uses."""
