"""Reading across languages: a contribution in another language, beside the original and never in its place.

A person makes one, or the machine that the operator has set up. Only the original is decided on and cited; each is
labelled with what made it and when, and told to be of an earlier text where the author has revised it since.
"""
