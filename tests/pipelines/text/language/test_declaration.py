"""When a declared language is believed, and when the text overrules it."""

import pytest

from pipelines.text.language.declaration import choose_language

SERBIAN = "Градоначелник је рекао у петак да се број повређених попео на 31. Нови мост биће отворен на пролеће."


def choose(text: str, declared: str | None) -> str:
    return choose_language([text], declared)[0]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("sr", SERBIAN),
        ("sr", "Нове цене бензина у граду"),
        ("sr", "Gradonačelnik je rekao u petak da se broj povrijeđenih popeo na 31."),
        ("sr-Latn", "Gradonačelnik je rekao u petak da se broj povređenih popeo na 31."),
        ("bs", "Gradonačelnik je rekao u petak da će novi most biti otvoren na proljeće."),
        ("hr", "Gradonačelnik je rekao u petak da će novi most biti otvoren na proljeće."),
        ("mk", "Градоначалникот рече во петокот дека новиот мост ќе биде отворен напролет."),
        ("bg", "Кметът каза в петък, че новият мост ще бъде отворен през пролетта."),
        ("be", "Мэр сказаў у пятніцу, што новы мост адкрыюць вясной."),
        ("be", "Цана хлеба вырасла"),
        ("nn", "Ordføraren sa fredag at den nye brua skal opnast til våren, og at ho ikkje blir dyrare."),
        ("nb", "Ordføreren sa fredag at den nye broen skal åpnes til våren."),
        ("no", "Ordføreren sa fredag at den nye broen skal åpnes til våren."),
        ("gl", "O alcalde dixo o venres que a nova ponte abrirá na primavera."),
        ("ca", "L'alcalde va dir divendres que el nou pont s'obrirà a la primavera."),
        ("oc", "Lo cònsol diguèt divendres que lo pont nòu se dubrirà a la prima."),
        ("ast", "L'alcalde dixo'l vienres que la ponte nueva va abrir na primavera."),
        ("eu", "Alkateak ostiralean esan zuen zubi berria udaberrian irekiko dutela."),
        ("af", "Die burgemeester het Vrydag gesê dat die nuwe brug in die lente sal oopmaak."),
        ("nl", "De burgemeester zei vrijdag dat de nieuwe brug in de lente opengaat."),
        ("fy", "De boargemaster sei freed dat de nije brêge yn de maitiid iepengiet."),
        ("lb", "De Buergermeeschter sot e Freideg, datt déi nei Bréck am Fréijoer opgeet."),
        ("de", "Der Bürgermeister sagte am Freitag, dass die neue Brücke im Frühling öffnet."),
        ("ceb", "Ang mayor miingon niadtong Biyernes nga ang bag-ong tulay ablihan sa tingpamulak."),
        ("fil", "Sinabi ng alkalde noong Biyernes na bubuksan ang bagong tulay sa tagsibol."),
        ("ms", "Datuk bandar berkata pada hari Jumaat bahawa jambatan baharu itu akan dibuka."),
        ("is", "Borgarstjórinn sagði á föstudag að nýja brúin yrði opnuð í vor."),
        ("yue", "市長話條新橋春天先會開,而家仲起緊"),
        ("ja", "首相訪米、新橋完成"),
        ("ckb", "سەرۆکی شارەوانی گوتی پردە نوێیەکە لە بەهاردا دەکرێتەوە"),
        ("bho", "पुलिस तीन आदमी के गिरफ्तार कइलस आ थाना ले गइल"),
        ("tt", "Мэр әйтте: яңа күпер язын ачылачак."),
        ("uz", "Шаҳар ҳокими янги кўприк баҳорда очилишини айтди."),
        ("lmn", "మేయర్ శుక్రవారం కొత్త వంతెన వసంతంలో తెరుస్తామని చెప్పారు."),
    ],
)
def test_right_declaration_is_not_overruled(declared: str, text: str) -> None:
    assert choose(text, declared) == declared


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("en", "Мэр сказал в пятницу, что новый мост откроют весной.", "ru"),
        ("gl", "Мэр сказал в пятницу, что новый мост откроют весной.", "ru"),
        ("eu", "市长周五表示，新桥将于春天开放。", "zh"),
        ("en", "Le maire a déclaré vendredi que le nouveau pont ouvrira au printemps.", "fr"),
        ("en-US", "Der Bürgermeister sagte am Freitag, dass die neue Brücke im Frühling öffnet.", "de"),
        ("de", "The mayor said on Friday that the new bridge would open in spring.", "en"),
        ("nb", "The mayor said on Friday that the new bridge would open in spring.", "en"),
        ("mk", SERBIAN, "sr"),
        ("ru", SERBIAN, "sr"),
        ("zh-Hant", "The mayor said on Friday that the new bridge would open in spring.", "en"),
        ("en", "Градоначальник: Ҳ, Ҷ, Ӯ", "tg"),
        ("en", "Ҳокимият — Ҳамза", "und"),
    ],
)
def test_wrong_declaration_is_overruled(declared: str, text: str, language: str) -> None:
    assert choose(text, declared) == language


@pytest.mark.parametrize("declared", ["fr", "ru", "zh-Hant", "ceb", "pt-BR"])
def test_names_leave_the_language_to_the_declaration(declared: str) -> None:
    assert choose("Jørgen Håkonsen, Mehmet Yıldızoğlu", declared) == declared
    assert choose("12:30", declared) == declared


def test_sure_answer_needs_no_region() -> None:
    assert choose("O ministro disse que a nova ponte não ficará pronta antes do próximo ano.", "pt-BR") == "pt"


def test_first_text_that_decides_is_asked() -> None:
    texts = ["Jørgen Håkonsen", "Ministeren sa at den nye broen ikke blir ferdig.", "The mayor said so on Friday."]

    assert choose_language(texts, None)[0] == "no"
    assert choose_language(texts[:1], None) == ("und", 0)
    assert choose_language([], "de") == ("de", 0)
