"""This package, when Django starts: its tasks, its kind of document and what waits at the desk become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.summaries"

    def ready(self) -> None:
        from plenara.summaries import gate, kept, kind, news, tasks, todo
        from plenara.summaries.correcting import erasing as correcting_erasing
        from plenara.summaries.correcting import kept as correcting_kept
        from plenara.summaries.correcting import publishable as correcting_publishable
        from plenara.summaries.correcting import searching as correcting_searching
        from plenara.summaries.correcting import todo as correcting_todo
        from plenara.summaries.drafting import erasing as drafting_erasing
        from plenara.summaries.printing import kept as printing_kept
        from plenara.summaries.scheduling import todo as scheduling_todo
        from plenara.summaries.understanding import erasing as understanding_erasing
