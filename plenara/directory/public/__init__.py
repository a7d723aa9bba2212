"""Views for readers of the directory: its lists, the page of a person or a project, figures."""
