"""Reading a bundle whole before anything is written: what it holds, or every error with its file, line and field."""
