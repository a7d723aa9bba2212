"""Pages that combine several packages: home, consultation, thread, contribution, theme; "My page", the desk's
home, feeds, permalinks, the sitemap.
"""
