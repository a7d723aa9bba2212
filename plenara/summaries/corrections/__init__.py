"""Corrections: a participant requests a correction of a published summary; somebody who did not write it answers."""
