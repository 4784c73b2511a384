"""Options of training that cannot work are refused before any work begins."""

from __future__ import annotations

import json

import pytest

from fiftyone_clipit.errors import UsageError
from fiftyone_clipit.training import LossWeights, TrainingConfig


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "magic"}, "mode is 'magic': expected one of supervised, unsupervised, captions"),
        ({"schedule": "step"}, "schedule is 'step'"),
        ({"choose_by": "f1"}, "choose_by is 'f1'"),
        ({"epochs": 0}, "epochs is 0"),
        ({"batch_size": 1.5}, "batch_size is 1.5"),
        ({"learning_rate": -1}, "learning_rate is -1"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"warmup": 1.0}, "warmup is 1.0"),
        ({"share": 0.0}, "share 0.0"),
        ({"seeds": ()}, "seeds are"),
        ({"seeds": (1, 1)}, "seeds are"),
        ({"seeds": 1.5}, "seeds are 1.5"),
        ({"losses": {"foo": 1}}, "there is no loss 'foo': expected some of classification, regression, diversity"),
        ({"losses": {"diversity": "much"}}, "the weight of diversity is 'much'"),
        ({"losses": {1: 2}}, "there is no loss '1'"),
        ({"losses": "diversity"}, "losses are 'diversity': expected weights by name"),
    ],
)
def test_a_value_that_cannot_work_is_named(options, message):
    with pytest.raises(UsageError, match=message):
        TrainingConfig(**options)


def test_losses_need_at_least_one_weight():
    with pytest.raises(UsageError, match="all losses have weight 0"):
        LossWeights()
    with pytest.raises(UsageError, match="the weight of diversity is -1"):
        LossWeights(diversity=-1)


def test_the_defaults_are_the_papers():
    config = TrainingConfig()
    assert (config.epochs, config.learning_rate, config.weight_decay) == (20, 1e-4, 1e-3)


def test_a_configuration_survives_json():
    config = TrainingConfig(mode="unsupervised", seeds=(3, 4), losses=LossWeights(diversity=0.5, length=2))
    again = TrainingConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert again == config
    with pytest.raises(UsageError, match="no option 'epoch'"):
        TrainingConfig.from_dict({"epoch": 3})
