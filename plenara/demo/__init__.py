"""The sample installation: two consultations with made-up people, created with the product's actions."""
