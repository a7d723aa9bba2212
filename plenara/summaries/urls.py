"""Addresses of summaries: for readers, and at the desk."""

from django.urls import path

from plenara.documents.views.staff import translation
from plenara.summaries.views import member
from plenara.summaries.views.public import lists, pages
from plenara.summaries.views.staff import (
    contributions,
    corrections,
    drafts,
    glossary,
    groups,
    packs,
    statements,
    summaries,
)

app_name = "summaries"
_public = "consultations/<slug:slug>/summaries/"
_desk = "desk/consultations/<slug:slug>/summaries/"
_one = f"{_desk}<int:pk>/"
_rendition = f"{_one}renditions/<slug:language>/"
_file = statements.RenditionFile.as_view()
_glossary = "desk/consultations/<slug:slug>/glossary/"
_packs = "desk/consultations/<slug:slug>/packs/"
_memory = "desk/consultations/<slug:slug>/memory/"

urlpatterns = [
    path(_public, pages.Summaries.as_view(), name="summaries"),
    path(f"{_public}feed.atom", pages.Feed.as_view(), name="feed"),
    path(f"{_public}since/", lists.UncoveredContributions.as_view(), name="since"),
    path(f"{_public}since/from/<int:start>/", lists.UncoveredContributions.as_view(), name="since_from"),
    path(f"{_public}compilation/", lists.Compilation.as_view(), name="compilation"),
    path(f"{_public}compilation/<int:number>/", lists.Compilation.as_view(), name="compiled"),
    path(
        f"{_public}compilation/<int:number>/from/<int:start>/",
        lists.Compilation.as_view(),
        name="compiled_from",
    ),
    path(f"{_public}<int:number>/", pages.SummaryPage.as_view(), name="summary"),
    path(f"{_public}<int:number>/rev/<int:revision>/", pages.SummaryPage.as_view(), name="edition"),
    path(f"{_public}<int:number>/changes/<int:revision>/", pages.Changes.as_view(), name="changes"),
    path(f"{_public}<int:number>/summary.txt", pages.SummaryText.as_view(), name="text"),
    path("my/corrections/new/<slug:slug>/<int:number>/", member.Ask.as_view(), name="ask_correction"),
    path(f"{_public}<int:number>/corrections/", lists.Corrections.as_view(), name="corrections"),
    path(
        f"{_public}<int:number>/corrections/from/<int:start>/",
        lists.Corrections.as_view(),
        name="corrections_from",
    ),
    path("my/corrections/", member.MyCorrections.as_view(), name="my_corrections"),
    path("my/corrections/<int:pk>/", member.MyCorrection.as_view(), name="my_correction"),
    path("my/corrections/<int:pk>/again/", member.SendAgain.as_view(), name="correct_again"),
    path("my/corrections/<int:pk>/withdraw/", member.Withdraw.as_view(), name="withdraw_correction"),
    path(f"{_desk}corrections/", corrections.Requests.as_view(), name="desk_corrections"),
    path(f"{_desk}corrections/<int:pk>/", corrections.Answer.as_view(), name="answer"),
    path(_packs, packs.Packs.as_view(), name="packs"),
    path(f"{_packs}<int:pk>/pack.zip", packs.PackFile.as_view(), name="pack"),
    path(_desk, summaries.List.as_view(), name="desk"),
    path(f"{_desk}schedule/", summaries.ScheduleView.as_view(), name="schedule"),
    path(f"{_desk}new/", summaries.New.as_view(), name="new"),
    path(_one, summaries.Workbench.as_view(), name="workbench"),
    path(f"{_one}period/", summaries.Period.as_view(), name="period"),
    path(f"{_one}statements/new/", statements.NewStatement.as_view(), name="new_statement"),
    path(f"{_one}statements/<int:paragraph>/", statements.EditStatement.as_view(), name="statement"),
    path(f"{_one}statements/<int:paragraph>/delete/", statements.DeleteStatement.as_view(), name="delete_statement"),
    path(f"{_one}statements/<int:paragraph>/accept/", statements.Accept.as_view(), name="accept"),
    path(f"{_one}statements/move/", statements.Move.as_view(), name="move"),
    path(f"{_one}citations/<int:citation>/side/", statements.Turn.as_view(), name="turn"),
    path(f"{_one}citations/<int:citation>/delete/", statements.Uncite.as_view(), name="uncite"),
    path(f"{_one}contributions/read/", contributions.Marks.as_view(), name="read"),
    path(f"{_one}contributions/<int:number>/", contributions.Cite.as_view(), name="cite"),
    path(f"{_one}contributions/<int:number>/aside/", contributions.SetAside.as_view(), name="set_aside"),
    path(f"{_one}draft/", drafts.Drafts.as_view(), name="draft"),
    path(f"{_one}groups/", groups.Groups.as_view(), name="groups"),
    path(f"{_one}groups/making/", groups.MakeGroups.as_view(), name="make_groups"),
    path(f"{_one}groups/<int:group>/", groups.GroupPage.as_view(), name="group"),
    path(f"{_one}groups/<int:group>/name/", groups.NameGroup.as_view(), name="name_group"),
    path(f"{_one}groups/<int:group>/merge/", groups.MergeGroup.as_view(), name="merge_group"),
    path(f"{_one}groups/<int:group>/sentences/", groups.PutSentences.as_view(), name="put_sentences"),
    path(f"{_one}groups/<int:group>/aside/", groups.SetGroupAside.as_view(), name="set_group_aside"),
    path(f"{_one}history/", statements.History.as_view(), name="history"),
    path(f"{_one}comments/new/", statements.NewComment.as_view(), name="new_comment"),
    path(f"{_one}comments/<int:comment>/", statements.Resolve.as_view(), name="resolve"),
    path(f"{_one}review/", summaries.Review.as_view(), name="review"),
    path("desk/translations/", translation.Translations.as_view(), name="translations"),
    path(_rendition, statements.Rendition.as_view(), name="rendition"),
    path(f"{_rendition}files/", statements.Files.as_view(), name="files"),
    path(f"{_rendition}<slug:which>.xlf", _file, {"ending": "xlf"}, name="rendition_xlf"),
    path(f"{_rendition}<slug:which>.docx", _file, {"ending": "docx"}, name="rendition_docx"),
    path(f"{_rendition}files/<int:file>/", statements.ReturnedFile.as_view(), name="returned"),
    path(_memory, glossary.Memory.as_view(), name="memory"),
    path(f"{_memory}memory.tmx", glossary.MemoryFile.as_view(), name="memory_tmx"),
    path(f"{_memory}files/<int:file>/", glossary.ConfirmMemory.as_view(), name="memory_file"),
    path(_glossary, glossary.Glossary.as_view(), name="glossary"),
    path(f"{_glossary}glossary.csv", glossary.GlossaryFile.as_view(), {"ending": "csv"}, name="glossary_csv"),
    path(f"{_glossary}glossary.tbx", glossary.GlossaryFile.as_view(), {"ending": "tbx"}, name="glossary_tbx"),
    path(f"{_glossary}new/", glossary.NewTerm.as_view(), name="new_term"),
    path(f"{_glossary}import/", glossary.ImportGlossary.as_view(), name="import_glossary"),
    path(f"{_glossary}import/<int:file>/", glossary.ConfirmGlossary.as_view(), name="glossary_file"),
    path(f"{_glossary}<int:term>/", glossary.OneTerm.as_view(), name="term"),
    path(f"{_glossary}<int:term>/delete/", glossary.DeleteTerm.as_view(), name="delete_term"),
]
