"""Bundles, version 1: a whole public consultation as files, and the calendar, the directory and the themes as files."""
