"""What other people's wards reported, through the decoder of its model: exactly what may be charted, however it is cut."""

import pytest

from app.domain.vitals.vital_signs import Quality, Sample
from devices.device_rows import as_chosen
from devices.models import MODELS
from devices.protocols import Decoder
from tests.cases import Case, all_cases, cases

from .protocols.chunks import single, tally

HUNDREDTH = 2
#: What a site must have chosen for the monitor before any of its values counts.
CHOSEN = {"H15": ("empty-is-final",)}


def decoder_of(case: Case) -> Decoder:
    return as_chosen(MODELS[case.protocol], CHOSEN.get(case.name, ())).decoder()


def charted(samples: list[Sample]) -> list[tuple[str, float]]:
    return [(s.vital, round(float(s.value), HUNDREDTH)) for s in samples if s.quality is Quality.OK and s.value is not None]


@pytest.mark.parametrize("case", cases("decode"))
def test_exactly_what_may_be_charted_is(case: Case) -> None:
    extra = case.told["extra"] or {}
    decoder = decoder_of(case)
    found = charted(decoder.feed(case.data))
    wanted = [(vital, round(float(value), HUNDREDTH)) for vital, value in case.charted]
    if extra.get("set"):
        assert set(found) == set(wanted)
    else:
        assert found == wanted
    assert not {vital for vital, _ in found} & set(case.must_not_be_charted)
    assert decoder.bad == extra.get("bad", decoder.bad)


@pytest.mark.parametrize("protocol", MODELS)
def test_each_case_of_a_model_is_the_same_a_byte_at_a_time(protocol: str) -> None:
    for case in all_cases("decode"):
        if case.protocol == protocol:
            _is_the_same_cut(case)


def _is_the_same_cut(case: Case) -> None:
    assert tally(decoder_of(case), single(case.data)) == tally(decoder_of(case), [case.data])


def test_what_waits_for_a_sites_choice_is_not_charted_without_it() -> None:
    for case in all_cases("decode"):
        if case.name in CHOSEN:
            decoder = MODELS[case.protocol].decoder()
            assert charted(decoder.feed(case.data)) == []
            assert decoder.hint is not None
