"""The record for programs at `/api/v1/`: read-only JSON of everything public (`docs/api.md`, `openapi.json`)."""
