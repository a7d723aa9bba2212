"""The record for harvesters: all of OAI-PMH 2.0. `docs/other-forms.md` describes it for harvesters."""
