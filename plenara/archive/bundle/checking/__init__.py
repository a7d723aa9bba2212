"""Reading a bundle whole before anything is written: what it holds, or every fault with its file, line and field."""
