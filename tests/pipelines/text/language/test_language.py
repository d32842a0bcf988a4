import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.language.detection import detect

SENTENCES = {
    "ar": "وصل الوزير إلى العاصمة صباح اليوم والتقى عددا من المسؤولين.",
    "bg": "Министърът каза, че новият мост ще бъде готов през следващата година.",
    "cs": "Ministr uvedl, že nový most bude hotový až příští rok.",
    "da": "Ministeren sagde, at den nye bro først bliver færdig næste år.",
    "de": "Der Minister sagte, dass die neue Brücke erst im nächsten Jahr fertig wird.",
    "el": "Ο υπουργός είπε ότι η νέα γέφυρα θα είναι έτοιμη του χρόνου.",
    "en": "The minister said that the new bridge would not be ready before next year.",
    "es": "El ministro dijo que el nuevo puente no estará listo hasta el próximo año.",
    "fa": "وزیر گفت که پل جدید تا سال آینده آماده نخواهد شد.",
    "fi": "Ministeri sanoi, että uusi silta valmistuu vasta ensi vuonna.",
    "fr": "Le ministre a déclaré que le nouveau pont ne serait pas prêt avant l'année prochaine.",
    "he": "השר אמר שהגשר החדש לא יהיה מוכן לפני השנה הבאה.",
    "hi": "मंत्री ने कहा कि नया पुल अगले साल से पहले तैयार नहीं होगा।",
    "hu": "A miniszter azt mondta, hogy az új híd csak jövőre készül el.",
    "hy": "Նախարարն ասաց, որ նոր կամուրջը պատրաստ կլինի հաջորդ տարի։",
    "id": "Menteri mengatakan bahwa jembatan baru itu tidak akan siap sebelum tahun depan.",
    "it": "Il ministro ha detto che il nuovo ponte non sarà pronto prima dell'anno prossimo.",
    "ja": "大臣は、新しい橋は来年まで完成しないと述べた。",
    "ka": "მინისტრმა თქვა, რომ ახალი ხიდი მომავალ წელს იქნება მზად.",
    "ko": "장관은 새 다리가 내년까지 완공되지 않을 것이라고 말했다.",
    "nl": "De minister zei dat de nieuwe brug pas volgend jaar klaar zal zijn.",
    "no": "Ministeren sa at den nye broen ikke blir ferdig før neste år.",
    "pl": "Minister powiedział, że nowy most będzie gotowy dopiero w przyszłym roku.",
    "pt": "O ministro disse que a nova ponte não ficará pronta antes do próximo ano.",
    "ro": "Ministrul a spus că noul pod nu va fi gata înainte de anul viitor.",
    "ru": "Министр заявил, что новый мост будет готов только в следующем году.",
    "sv": "Ministern sade att den nya bron inte blir klar förrän nästa år.",
    "th": "รัฐมนตรีกล่าวว่าสะพานใหม่จะยังไม่พร้อมก่อนปีหน้า",
    "tr": "Bakan, yeni köprünün gelecek yıldan önce hazır olmayacağını söyledi.",
    "uk": "Міністр заявив, що новий міст буде готовий лише наступного року.",
    "ur": "وزیر نے کہا کہ نیا پل اگلے سال سے پہلے تیار نہیں ہوگا۔",
    "vi": "Bộ trưởng nói rằng cây cầu mới sẽ chưa hoàn thành trước năm sau.",
    "zh": "部长表示，新桥要到明年才能完工。",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_language_of_a_sentence(language: str) -> None:
    found, confidence = detect(SENTENCES[language])

    assert found == language
    assert 0.5 < confidence <= 1


@pytest.mark.parametrize("text", ["", " \n", "12,000", "…", "https://example.org/a/page-about-nothing", "🎉🎉", "xqzt"])
def test_language_without_evidence_is_undetermined(text: str) -> None:
    assert detect(text)[0] == "und"


def test_language_of_foreign_names_does_not_sway_the_sentence() -> None:
    assert detect("The ship 北京号 left for 神戸 on Monday, the harbour office said.")[0] == "en"
    assert detect("新しい映画『The Long Bridge』が来週公開される。")[0] == "ja"


def test_language_hint_decides_words_that_languages_share() -> None:
    assert detect("Hotel Central", hint="es")[1] != detect("Hotel Central", hint="de")[1]
    assert detect(SENTENCES["de"], hint="en")[0] == "de"
    assert detect(SENTENCES["de"], hint="en-US") == detect(SENTENCES["de"], hint="en")


def test_language_is_the_same_every_time() -> None:
    assert len({detect("nuevo ponte central") for _ in range(20)}) == 1


def test_language_of_a_long_text_takes_as_long_as_a_short_one() -> None:
    text = SENTENCES["en"] + "\n"
    detect(text)
    started = time.perf_counter()
    assert detect(text * 50_000)[0] == "en"
    assert time.perf_counter() - started < 0.5


def test_language_of_cyrillic_and_arabic_neighbours_without_a_profile() -> None:
    assert detect("Міністр сказаў, што новы мост будзе гатовы толькі ў наступным годзе.")[0] == "be"
    assert (
        detect("Министар је рекао да ће нови мост бити готов тек следеће године, после изборâ и ђурђевдана.")[0] == "sr"
    )


@given(st.text(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_language_of_any_text_is_answered(text: str) -> None:
    language, confidence = detect(text)

    assert 2 <= len(language) <= 3
    assert 0 <= confidence <= 1.0001
