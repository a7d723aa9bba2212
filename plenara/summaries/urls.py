"""Addresses of summaries: for readers, and at the desk."""

from django.urls import path

from plenara.summaries import public, public_compilation
from plenara.summaries.staff import contributions, drafts, marks, review, schedule, statements, translating, workbench

app_name = "summaries"
_public = "consultations/<slug:slug>/summaries/"
_desk = "desk/consultations/<slug:slug>/summaries/"
_one = f"{_desk}<int:pk>/"

urlpatterns = [
    path(_public, public.Summaries.as_view(), name="summaries"),
    path(f"{_public}feed.atom", public.Feed.as_view(), name="feed"),
    path(f"{_public}since/", public_compilation.Since.as_view(), name="since"),
    path(f"{_public}since/from/<int:start>/", public_compilation.Since.as_view(), name="since_from"),
    path(f"{_public}compilation/", public_compilation.Compilation.as_view(), name="compilation"),
    path(f"{_public}compilation/<int:number>/", public_compilation.Compilation.as_view(), name="compiled"),
    path(
        f"{_public}compilation/<int:number>/from/<int:start>/",
        public_compilation.Compilation.as_view(),
        name="compiled_from",
    ),
    path(f"{_public}<int:number>/", public.SummaryPage.as_view(), name="summary"),
    path(f"{_public}<int:number>/rev/<int:revision>/", public.SummaryPage.as_view(), name="edition"),
    path(f"{_public}<int:number>/summary.txt", public.SummaryText.as_view(), name="text"),
    path(_desk, workbench.List.as_view(), name="desk"),
    path(f"{_desk}schedule/", schedule.ScheduleDoor.as_view(), name="schedule"),
    path(f"{_desk}new/", workbench.New.as_view(), name="new"),
    path(_one, workbench.Workbench.as_view(), name="workbench"),
    path(f"{_one}period/", workbench.Period.as_view(), name="period"),
    path(f"{_one}statements/new/", statements.NewStatement.as_view(), name="new_statement"),
    path(f"{_one}statements/<int:statement>/", statements.EditStatement.as_view(), name="statement"),
    path(f"{_one}statements/<int:statement>/delete/", statements.DeleteStatement.as_view(), name="delete_statement"),
    path(f"{_one}statements/move/", statements.Move.as_view(), name="move"),
    path(f"{_one}citations/<int:citation>/delete/", statements.Uncite.as_view(), name="uncite"),
    path(f"{_one}contributions/read/", marks.Marks.as_view(), name="read"),
    path(f"{_one}contributions/<int:number>/", contributions.Cite.as_view(), name="cite"),
    path(f"{_one}contributions/<int:number>/aside/", contributions.SetAside.as_view(), name="set_aside"),
    path(f"{_one}draft/", drafts.Drafts.as_view(), name="draft"),
    path(f"{_one}review/", review.Review.as_view(), name="review"),
    path(f"{_one}renditions/<slug:language>/", translating.Rendition.as_view(), name="rendition"),
]
