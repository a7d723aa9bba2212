"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def forget_words(*, edition_id: int) -> None:
    """Blank the quotations of an edition whose text was erased. The citations stay."""
    from plenara.documents import personal_data

    personal_data.forget_words(edition_id=edition_id)


@task
def suggest(*, document_id: int, language: str, asked: int, after: int, attempt: int) -> None:
    """Ask a machine for the next piece of what translators want suggested."""
    from plenara.documents.actions import suggestions

    suggestions.suggest(document_id=document_id, language=language, asked=asked, after=after, attempt=attempt)


@task
def compare(*, document_id: int) -> None:
    """Compare the meaning of what is new in a document: statements with their citations, translations with sources."""
    from plenara.documents import nearness

    nearness.compare_next(document_id)


@task
def index_thread(*, thread_id: int) -> None:
    """Let what is said under a question be found by the themes that the question has now."""
    from plenara.documents import personal_data

    personal_data.index_thread(thread_id=thread_id)
