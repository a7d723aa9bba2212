"""The record for harvesters: OAI-PMH 2.0, whole. `docs/other-forms.md` describes it to those who harvest."""
