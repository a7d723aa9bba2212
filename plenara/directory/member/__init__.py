"""Views for those who keep an entry of the directory."""
