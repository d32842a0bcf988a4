"""Forms of verbs and their classes."""

import pytest

from pipelines.text.english.inflection import inflections

IRREGULAR = """
arise arose arisen; be was were been; bear bore borne; beat beat beaten; become became become; begin began
begun; bet bet bet; bid bid bid; blow blew blown; break broke broken; bring brought brought; broadcast
broadcast broadcast; build built built; burn burned burnt; burst burst burst; buy bought bought; cast cast
cast; catch caught caught; choose chose chosen; come came come; cost cost cost; cut cut cut; deal dealt dealt;
do did done; draw drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed
fed; feel felt felt; fight fought fought; find found found; flee fled fled; fly flew flown; forecast forecast
forecast; foresee foresaw foreseen; freeze froze frozen; get got gotten; give gave given; go went gone; grow
grew grown; hang hung hung; have had had; hear heard heard; hide hid hidden; hit hit hit; hold held held; hurt
hurt hurt; keep kept kept; know knew known; lead led led; leave left left; lend lent lent; let let let; lie
lied lain; lose lost lost; make made made; mean meant meant; meet met met; overcome overcame overcome; pay
paid paid; put put put; quit quit quit; read read read; ride rode ridden; rise rose risen; run ran run; say
said said; see saw seen; seek sought sought; sell sold sold; send sent sent; set set set; shake shook shaken;
shine shone shone; shoot shot shot; show showed shown; shrink shrank shrunk; shut shut shut; sink sank sunk;
sit sat sat; sleep slept slept; speak spoke spoken; spend spent spent; spin spun spun; split split split;
spread spread spread; stand stood stood; steal stole stolen; strike struck struck; swear swore sworn; sweep
swept swept; swing swung swung; take took taken; teach taught taught; tear tore torn; tell told told; think
thought thought; throw threw thrown; undergo underwent undergone; understand understood understood; uphold
upheld upheld; upset upset upset; wake woke woken; wear wore worn; win won won; withdraw withdrew withdrawn;
write wrote written
"""
"""Base form, past, and participle if it is another."""


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("claim", "claims claiming claimed"),
        ("argue", "argues arguing argued"),
        ("agree", "agrees agreeing agreed"),
        ("dye", "dyes dyeing dyed"),
        ("shoe", "shoes shoeing shoed"),
        ("deny", "denies denying denied"),
        ("say", "says saying said"),
        ("die", "dies dying died"),
        ("stop", "stops stopping stopped"),
        ("pass", "passes passing passed"),
        ("publish", "publishes publishing published"),
        ("teach", "teaches teaching taught"),
        ("tax", "taxes taxing taxed"),
        ("buzz", "buzzes buzzing buzzed"),
        ("veto", "vetoes vetoing vetoed"),
        ("write", "writes writing wrote written"),
    ],
)
def test_forms_of_verbs(verb: str, forms: str) -> None:
    third, gerund, *past = forms.split()
    assert inflections(verb) == {third: "V", gerund: "G", **dict.fromkeys(past, "E"), verb: "B"}


def test_the_base_form_wins_over_an_equal_past_form() -> None:
    assert inflections("quit") == {"quits": "V", "quitting": "G", "quit": "B"}


@pytest.mark.parametrize("forms", IRREGULAR.split(";"), ids=lambda forms: forms.split()[0])
def test_irregular_verbs(forms: str) -> None:
    verb, *past = forms.split()
    assert {form for form, kind in inflections(verb).items() if kind == "E"} == set(past) - {verb}
