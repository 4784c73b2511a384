"""Settings: checked before any work, and the same after a trip through a run's config."""

from __future__ import annotations

import json

import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.settings import Settings


def test_one_sentence_may_be_given_as_a_string():
    assert Settings(query="a dog  jumping ").query == ("a dog jumping",)
    assert Settings(query=["a dog", "a ball"]).query == ("a dog", "a ball")


def test_what_to_exclude_may_be_a_list_in_one_string():
    assert Settings(exclude="title card, black screen").exclude == ("title card", "black screen")
    assert Settings(exclude=["a man, sitting"]).exclude == ("a man, sitting",)


def test_config_survives_json():
    settings = Settings(captions=["one", "two"], exclude="titles", budget="90s", fps=1, language_weight=0.3)
    assert Settings.from_config(json.loads(json.dumps(settings.config()))) == settings


def test_config_of_another_version_may_hold_more():
    assert Settings.from_config({"query": ["a"], "invented_later": 1}) == Settings(query="a")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"query": ""}, "query holds an empty sentence"),
        ({"query": ["a", " "]}, "query holds an empty sentence"),
        ({"captions": [3]}, "captions holds an empty sentence"),
        ({"exclude": "titles,"}, "exclude holds an empty sentence"),
        ({"max_sentences": 0}, "max_sentences"),
        ({"query": "a", "captions": "b"}, "not both"),
        ({"budget": 0}, "budget"),
        ({"budget": 1.01}, "budget"),
        ({"budget": "90 parsecs"}, "budget"),
        ({"fps": 0}, "fps"),
        ({"fps": float("nan")}, "fps"),
        ({"min_length": -1}, "min_length"),
        ({"language_weight": 1.1}, "language_weight"),
        ({"encoder": ""}, "encoder"),
        ({"scope": "world"}, "scope must be one of video, dataset, not 'world'"),
    ],
)
def test_what_cannot_work_is_refused_with_the_name_of_the_argument(arguments, message):
    with pytest.raises(UsageError, match=message):
        Settings(**arguments)
