from __future__ import annotations

from django.urls import path

from evaluations.views import calls, review_desk, reviews, suggestion_desk, suggestions, surveys, voices

VERSION = "desk/reviews/<slug:code>/<int:version>/"

urlpatterns = [
    path("review/<slug:code>/", reviews.review, name="review"),
    path("v/<str:token>/", reviews.invited, name="review-invited"),
    path("suggest/", suggestions.suggest, name="suggest"),
    path("suggest/receipt/<str:signed>/", suggestions.suggestion_receipt, name="suggestion-receipt"),
    path("suggest/<str:number>/", suggestions.suggestion_status, name="suggestion-status"),
    path("suggestions/", suggestions.public_suggestions, name="public-suggestions"),
    path("desk/voices/", voices.voices, name="voices"),
    path("desk/reviews/", review_desk.reviews, name="reviews"),
    path("desk/reviews/add/", review_desk.review_add, name="review-add"),
    path(VERSION, review_desk.review_page, name="review-page"),
    path(VERSION + "edit/", review_desk.review_edit, name="review-edit"),
    path(VERSION + "questions/", review_desk.review_question, name="review-question"),
    path(VERSION + "questions/<int:pk>/remove/", review_desk.review_question_remove, name="review-question-remove"),
    path(VERSION + "waves/", review_desk.review_wave, name="review-wave"),
    path(VERSION + "results/", review_desk.review_results, name="review-results"),
    path(VERSION + "<slug:verb>/", review_desk.review_act, name="review-act"),
    path("desk/suggestions/", suggestion_desk.suggestions, name="suggestions"),
    path("desk/suggestions/<slug:number>/", suggestion_desk.suggestion, name="suggestion"),
    path("desk/suggestions/<slug:number>/<slug:door>/", suggestion_desk.suggestion_act, name="suggestion-act"),
    path("desk/surveys/", surveys.surveys, name="surveys"),
    path("desk/surveys/add/", surveys.survey_add, name="survey-add"),
    path("desk/surveys/<int:pk>/", surveys.survey, name="survey"),
    path("desk/surveys/<int:pk>/calls/", surveys.survey_calls, name="survey-calls"),
    path("desk/surveys/<int:pk>/results/", surveys.survey_results, name="survey-results"),
    path("desk/surveys/<int:pk>/close/", surveys.survey_close, name="survey-close"),
    path("desk/calls/", calls.calls, name="calls"),
    path("desk/calls/next/", calls.call_next, name="call-next"),
    path("desk/calls/<int:pk>/", calls.sampled_call, name="sampled-call"),
    path("desk/calls/<int:pk>/ring/", calls.call_ring, name="call-ring"),
    path("desk/calls/<int:pk>/release/", calls.call_release, name="call-release"),
]
