"""A first draft of a summary, on demand: statements made of sentences that participants wrote, each with its
citations.
"""
