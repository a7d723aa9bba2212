"""Pages that gather from several packages: home, consultation, thread, contribution, theme; one's own page, the desk's
home, feeds, permalinks, the sitemap.
"""
