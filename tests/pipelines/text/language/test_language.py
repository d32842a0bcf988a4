"""The language of a text: sentences in each language, the evidence behind the answer, and texts that leave doubt."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.language import detection
from pipelines.text.language.detection import (
    _choose_threshold,
    _score_before,
    _score_english_words,
    _sum_up_ngrams,
    detect,
)
from pipelines.text.language.evidence import load_frequent_words, load_ngrams, load_words
from pipelines.text.language.known_languages import find_known_code, load_languages

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
    "be": "Міністр сказаў, што новы мост будзе гатовы толькі ў наступным годзе.",
    "kk": "Министр жаңа көпір келесі жылы ғана дайын болады деді, өйткені қаржы жоқ.",
    "ky": "Министр жаңы көпүрө келерки жылы гана даяр болот деп билдирди.",
    "sr": "Министар је рекао да ће нови мост бити готов тек следеће године.",
    "am": "ሚኒስትሩ ድልድዩ ዝግጁ ነው አሉ",
    "bn": "মন্ত্রী বলেছেন সেতুটি প্রস্তুত",
    "gu": "મંત્રીએ કહ્યું પુલ તૈયાર છે",
    "km": "រដ្ឋមន្ត្រីនិយាយថាស្ពានរួចរាល់",
    "kn": "ಸಚಿವರು ಸೇತುವೆ ಸಿದ್ಧ ಎಂದರು",
    "lo": "ລັດຖະມົນຕີກ່າວວ່າຂົວພ້ອມແລ້ວ",
    "mk": "Министерот рече дека новиот мост нема да биде готов пред следната година.",
    "ml": "മന്ത്രി പാലം തയ്യാറാണ് എന്ന് പറഞ്ഞു",
    "mr": "मंत्र्यांनी सांगितले की नवीन पूल पुढच्या वर्षापूर्वी तयार होणार नाही.",
    "my": "ဝန်ကြီးကပြောသည်",
    "ne": "मन्त्रीले भने कि नयाँ पुल अर्को वर्षसम्म तयार हुनेछैन।",
    "pa": "ਮੰਤਰੀ ਨੇ ਕਿਹਾ ਪੁਲ ਤਿਆਰ ਹੈ",
    "si": "අමාත්‍යවරයා පාලම සූදානම් යැයි කීය",
    "ta": "அமைச்சர் பாலம் தயார் என்றார்",
    "te": "మంత్రి వంతెన సిద్ధం అన్నారు",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_language_of_a_sentence(language: str) -> None:
    found, confidence = detect(SENTENCES[language])

    assert found == language
    assert 0.5 < confidence <= 1


@pytest.mark.parametrize("text", ["", " \n", "12,000", "…", "https://example.org/a/page-about-nothing", "🎉🎉", "xqzt"])
def test_language_without_evidence_is_undetermined(text: str) -> None:
    assert detect(text)[0] == "und"


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/der-neue-weg-und-die-stadt",
        "www.der-neue-weg-und-die-stadt.example",
        "die-stadt-und-der-weg@post.example",
        "#DerNeueWegUndDieStadt",
    ],
)
def test_language_of_addresses_and_hashtags_is_not_that_of_the_text(link: str) -> None:
    assert detect(f"A letter {link} {link} {link}") == detect("A letter")


def test_ngrams_are_counted_only_where_frequent_words_leave_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr(detection, "_list_ngrams", lambda text: counted.append(text) or [])

    detect(
        SENTENCES["en"] + " It was closed for two years, and the people of the town had to go round by the other road."
    )
    assert counted == []
    detect("museum park")
    assert counted == [" museum park "]


def test_language_of_foreign_names_does_not_sway_the_sentence() -> None:
    assert detect("The ship 北京号 left for 神戸 on Monday, the harbour office said.")[0] == "en"
    assert detect("新しい映画『The Long Bridge』が来週公開される。")[0] == "ja"


def test_language_hint_decides_words_that_languages_share() -> None:
    assert detect("hotel central", hint="es")[1] != detect("hotel central", hint="de")[1]
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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Вазир гуфт, ки пули нав соли оянда тайёр мешавад ва ҷумҳурӣ пул дорад.", "tg"),
        ("وزیر وویل چې نوی پل به چمتو نه وي، ځکه پیسې نشته او ډېر وخت به ونیسي.", "ps"),
        ("وزیر وویل چې نوی پل به راتلونکی کال چمتو شي", "ps"),
        ("وەزیر گوتی پردە نوێیەکە ساڵی داهاتوو ئامادە دەبێت", "ckb"),
        ("مىنىستىر يېڭى كۆۋرۈك كېلەر يىلى پۈتىدۇ دېدى", "ug"),
        ("وزير چيو ته نئين پل ايندڙ سال تيار ٿيندي", "sd"),
        ("דער מיניסטער האָט געזאָגט אַז די בריק װעט זײַן גרײט", "yi"),
        ("মন্ত্ৰীয়ে কয় যে দলং সাজু হৈছে", "as"),
        ("ሚኒስተር እቲ ድልድል ድሉው ኣሎ ኢሎም", "ti"),
    ],
)
def test_languages_without_frequencies_are_recognised_by_their_letters(text: str, language: str) -> None:
    assert detect(text)[0] == language


def test_one_letter_in_a_hundred_is_enough_for_a_language_without_frequencies() -> None:
    assert detect("ӯ" + "а" * 99)[0] == "tg"
    assert detect("ӯ" + "а" * 100)[0] != "tg"


@pytest.mark.parametrize(
    "text",
    [
        "Сайд шинэ гүүр ирэх жил бэлэн болно гэж мэдэгдэв.",
        "Министр яңа күпер киләсе елда гына әзер булачак диде.",
        "Вазир янги кўприк келаси йилгача тайёр бўлмаслигини айтди.",
        "Министр яңы күпер киләһе йылда ғына әҙер буласаҡ тине.",
    ],
)
def test_languages_that_are_not_compared_are_undetermined(text: str) -> None:
    assert detect(text)[0] == "und"


FREQUENT_WORDS = {
    **{
        "af": "die",
        "ar": "في",
        "be": "і",
        "bg": "на",
        "ca": "de",
        "cs": "a",
        "cy": "yn",
        "da": "i",
        "de": "der",
        "en": "the",
    },
    **{"es": "de", "et": "ja", "fa": "و", "fi": "ja", "fr": "de", "hi": "के", "hr": "je", "hu": "a", "id": "yang"},
    **{
        "it": "di",
        "kk": "және",
        "ky": "жана",
        "lt": "ir",
        "lv": "un",
        "mk": "на",
        "mr": "आहे.",
        "ne": "को",
        "nl": "de",
        "no": "i",
        "pl": "w",
    },
    **{"pt": "de", "ro": "de", "ru": "в", "sk": "a", "sl": "je", "sq": "të", "sv": "och", "sw": "ya", "tl": "ng"},
    **{"tr": "ve", "uk": "в", "ur": "کے", "vi": "là"},
}


@pytest.mark.parametrize("language", FREQUENT_WORDS)
def test_most_frequent_word_speaks_for_its_language(language: str) -> None:
    gains = load_words().sum_up([FREQUENT_WORDS[language]])
    # Zipf's law gives a tenth of a text to the first word; a missing word counts as one in a million.
    assert gains[load_languages().compared.index(language)] == pytest.approx(11.513, abs=0.001)


@pytest.mark.parametrize("word", ["i", "am", "my", "here", "please", "however"])
def test_words_of_speech_count_as_the_two_hundredth_word(word: str) -> None:
    assert load_words().sum_up([word])[load_languages().compared.index("en")] == pytest.approx(6.215, abs=0.001)


def test_ngram_that_a_profile_lacks_counts_one_in_a_hundred_thousand() -> None:
    assert load_ngrams().table.min() == pytest.approx(-11.513, abs=0.001)


def test_only_the_first_words_of_a_list_are_frequent() -> None:
    assert {"the", "de", "und", "и"} <= load_frequent_words()
    assert not {"mehmet", "ahmet", "mustafa"} & load_frequent_words()
    assert {"mehmet", "ahmet", "mustafa"} <= load_words().rows.keys()


def test_languages_with_most_news_start_ahead() -> None:
    languages = load_languages().compared
    ahead = {
        language
        for script in ("latin", "cyrillic", "arabic", "devanagari")
        for language, score in zip(languages, _score_before(script, ""), strict=True)
        if score == 2.0
    }
    assert ahead == {
        *("ar", "de", "en", "es", "fa", "fr", "hi", "id", "it", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "vi"),
    }


@pytest.mark.parametrize(
    ("text", "hint", "confidence"),
    [
        ("hotel central", None, 0.2263),
        ("hotel central", "es", 0.9411),
        ("museum park", None, 0.2616),
        ("data info", None, 0.7435),
        ("in Berlin", "de", 0.9199),
    ],
)
def test_confidence_weighs_ngrams_words_and_hint(text: str, hint: str | None, confidence: float) -> None:
    assert detect(text, hint)[1] == pytest.approx(confidence, abs=0.0002)


def test_answer_of_little_confidence_is_undetermined() -> None:
    assert detect("museum park") == ("und", pytest.approx(0.262, abs=0.01))
    assert detect("samstag") == ("sv", pytest.approx(0.452, abs=0.01))


def test_one_word_needs_more_confidence_than_two() -> None:
    assert detect("voda") == ("und", pytest.approx(0.382, abs=0.01))
    assert [_choose_threshold(words, 0) for words in (1, 2)] == [0.4, 0.3]


def test_text_of_names_needs_the_most_confidence() -> None:
    assert [_choose_threshold(words, 2) for words in (1, 2, 3)] == [0.95, 0.95, 0.3]
    assert [_choose_threshold(words, 5) for words in (2, 3, 5, 6)] == [0.95, 0.8, 0.8, 0.3]


@pytest.mark.parametrize(
    "text",
    [
        "Jørgen Håkonsen",
        "Ursula von der Brücke, Mehmet Yıldızoğlu",
        "Luís Inácio da Costa",
        "Banca Popolare di Ulvaren",
        "Real Ulvaren",
        "Mehmet Holm, Ahmet Berg, Mustafa Brennick, Tayyip Ulvar",
        "Kim Un",
        "Nguyễn Văn Thành",
        "Brennick: 31,000",
        "Ulvaren al-Brennick 40m",
        "J. Brennick, d. Holm",
    ],
)
def test_names_alone_decide_nothing(text: str) -> None:
    assert detect(text) == ("und", 0)


def test_few_words_between_names_decide_nothing() -> None:
    assert detect("Pham Van Ulvar met Li Brennick in Holmstad")[0] == "und"
    assert detect("Luís da Brennick met Javier Holm in São Ulvar")[0] == "und"
    assert detect("Ulvar: Holm, Brennick dies")[0] == "und"


@pytest.mark.parametrize(
    "text",
    [
        "Yıldızoğlu: 40 dead in Ulvaren",
        "Brenničk: 31,000 soldiers killed",
        "Håkonsen: 71 hurt in al-Brennick",
        "Quake kills 12 in Ulvaren",
        "Ulvaren sign Jørgen Brennick for 40m euros",
        "Brennick Motors recalls 2 million cars",
        "Ulvaren hires Jürgen Holm",
        "Holm buys Brennick for $3.6bn",
        "Brennick, Yıldızoğlu: 12 wounded, 3 missing",
    ],
)
def test_english_words_among_names_are_enough(text: str) -> None:
    assert detect(text)[0] == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Brennick trifft Holm in Berlin",
        "Holm ontmoet Brennick in Den Haag",
        "Brennick incontra Holm a Roma",
        "Jørgen Holm: 12 dræbt i Ulvaren",
        "Ulvar Brennick tiba di Holmstad",
        "Brennick: 12 halott Ulvarenben",
        "Sánchez visita a Brennick en París",
        "Brennick rencontre Holm à Ulvaren",
    ],
)
def test_other_words_among_names_are_not_english(text: str) -> None:
    assert detect(text)[0] != "en"


@pytest.mark.parametrize("text", ["Hi, I am good", "I am here", "Me too, always", "My name is Anna", "Why not here"])
def test_words_of_speech_are_english(text: str) -> None:
    assert detect(text)[0] == "en"


def test_lexicon_counts_words_of_three_letters_that_the_list_lacks_once() -> None:
    assert _score_english_words(["dead", "dead", "killed"]) == 7
    assert _score_english_words(["the", "of", "good"]) == 0
    assert _score_english_words(["ox"]) == 0
    assert _score_english_words(["win"]) == 3.5
    assert _score_english_words(["Brennick"]) == 0


def test_words_between_names_decide() -> None:
    assert detect("Jørgen Håkonsen and Mehmet Yıldızoğlu have visited Ulvaren")[0] == "en"
    assert detect("Jørgen Håkonsen und Mehmet Yıldızoğlu haben Ulvaren besucht")[0] == "de"


def test_headline_in_capitals_is_recognised_by_its_frequent_words() -> None:
    assert detect("Minister Says Bridge Will Not Be Ready This Year")[0] == "en"
    assert detect("EL MINISTRO DICE QUE EL PUENTE NO ESTÁ LISTO")[0] == "es"
    assert detect("MAYOR: NO PLANS TO REBUILD THE OLD BRIDGE")[0] == "en"
    assert detect("MEHMET VAN DER ULVAR")[0] == "und"


def test_english_starts_ahead_among_names() -> None:
    assert detect("Ulvaren sign Jørgen Brennick for 40m euros")[0] == "en"
    assert detect("sign for euros")[1] < detect("Ulvaren sign for euros")[1]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Он сказал «Дякую» и ушёл", "ru"),
        ("Він сказав «Спасибо большое, мы не знаем» і пішов", "uk"),
        ("Председник је рекао да није тако", "sr"),
        ("Претседателот рече дека не е така", "mk"),
        ("Председник владе рекао је у среду да се број мртвих попео на 48, саопштила је полиција.", "sr"),
        ("Путин и Си обсудили торговлю", "ru"),
        ("कामगार म्हणाले की पूळ पाण्याखाली गेला आहे", "mr"),
        ("پولیس نے بتایا کہ ڈاکٹر ٹھیک ہیں", "ur"),
        ("پلیس گفت که چهار نفر در ژاله بازداشت شدند", "fa"),
    ],
)
def test_letters_tell_neighbours_apart(text: str, language: str) -> None:
    assert detect(text)[0] == language


def test_language_without_a_profile_is_as_likely_as_the_likeliest_by_ngrams() -> None:
    total = dict(zip(load_languages().compared, _sum_up_ngrams(["няма"], "cyrillic"), strict=True))

    assert total["be"] == max(total[language] for language in ("ru", "uk", "bg", "mk", "sr"))


def test_serbian_has_the_ngrams_of_croatian() -> None:
    ngrams, languages = load_ngrams(), load_languages().compared
    croatian, serbian = languages.index("hr"), languages.index("sr")

    letters = zip("abvgdežzijklmnoprstufhcčš", "абвгдежзијклмнопрстуфхцчш", strict=True)
    for latin, cyrillic in (*letters, ("lj", "љ"), ("nj", "њ"), ("dž", "џ"), ("ost", "ост"), (" ob", " об")):
        assert ngrams.table[ngrams.rows[cyrillic], serbian] == ngrams.table[ngrams.rows[latin], croatian]


@pytest.mark.parametrize(
    ("code", "known"), [("pt-BR", "pt"), ("nb", "no"), ("fil-PH", "tl"), ("cmn", "zh"), ("gl", "gl")]
)
def test_code_by_which_the_detector_knows_a_language(code: str, known: str) -> None:
    assert find_known_code(code) == known


def test_long_text_is_sampled_at_its_beginning_middle_and_end() -> None:
    german, english = SENTENCES["de"] + " ", SENTENCES["en"] + " "
    assert detect(german * 20 + english * 5)[0] == "de"
    hidden = "א" * 400 + english * 60 + "א" * 400 + english * 60 + "א" * 400
    assert detect(hidden)[0] == "he"


def test_sample_of_a_long_text_has_1200_characters() -> None:
    assert detect("א" * 300 + "a" * 100 + "א" * 5000) == ("he", pytest.approx(1100 / 1200))


@given(st.text(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_language_of_any_text_is_answered(text: str) -> None:
    language, confidence = detect(text)

    assert 2 <= len(language) <= 3
    assert 0 <= confidence <= 1.0001
