"""App configuration, which registers tasks, the kind of document and the desk's lists."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The app."""

    name = "plenara.summaries"

    def ready(self) -> None:
        # The desk lists pending work in this order.
        from plenara.summaries import emails, kind, personal_data
        from plenara.summaries.queries import record, todo

        # isort: split
        from plenara.summaries.corrections import kind as corrections_kind
        from plenara.summaries.corrections import personal_data as corrections_personal_data
        from plenara.summaries.corrections import queries as corrections_queries
        from plenara.summaries.corrections.actions import search_index as corrections_search
        from plenara.summaries.printing import personal_data as printing_personal_data
        from plenara.summaries.validation import publication

        # isort: split
        from plenara.summaries.drafts import actions as drafts
        from plenara.summaries.printing import actions as printing
        from plenara.summaries.schedule import actions as schedule
