"""脱敏: recall and precision of reliability.md §9.3 on the labelled texts."""

import pytest

from tests.identity.redaction_report import SETS, TARGETS, judged, read, sent, staff

# Not reached yet, and what is; docs/redaction.md says what is known of it.
SHORT = {
    ("fourth", "name"): (0.94, 0.95),
}


@pytest.fixture(scope="module", params=SETS)
def measured(request):
    samples = read(request.param)
    return request.param, judged(request.param, samples, staff(samples))


@pytest.mark.parametrize("kind", TARGETS)
def test_target_is_reached(measured, kind):
    name, tallies = measured
    if kind not in tallies:
        pytest.skip("not labelled in this set")
    if (name, kind) in SHORT:
        recall, precision = SHORT[name, kind]
        assert tallies[kind].recall >= recall
        assert tallies[kind].precision >= precision
    else:
        assert tallies[kind].reached, tallies[kind]


def test_the_sets_are_as_large_as_agreed():
    development, holdout = read("development"), read("hold-out")
    assert len(development) >= 650
    assert len(holdout) >= 300
    assert sum(sample.adversarial for sample in development) >= 200
    assert sum(not sample.marks and not sample.circumstances for sample in development) >= 150
    assert not {sample.text for sample in development} & {sample.text for sample in holdout if len(sample.text) > 12}


@pytest.mark.parametrize("name", SETS)
def test_few_texts_are_sent_to_a_human_in_vain_for_a_name(name):
    samples = read(name)
    told = sent(samples, staff(samples))
    assert told.found + told.sent <= told.names
    assert told.sent or told.found == told.names
    assert told.in_vain <= 0.1 * told.texts
