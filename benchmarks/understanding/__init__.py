"""How well the machines understand: what docs/understanding.md says, measured."""
