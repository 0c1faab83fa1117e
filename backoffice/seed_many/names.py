"""Names of people who do not exist, in the scripts of the twelve languages; few are common, many are rare."""

from __future__ import annotations

import random

SHARES = {
    "ar": 18,
    "pa": 14,
    "uk": 13,
    "ro": 13,
    "it": 9,
    "en": 8,
    "fr": 7,
    "sq": 6,
    "bn": 5,
    "ur": 3,
    "es": 2,
    "zh": 2,
}
"""How many of a hundred people write in a language."""

_FIRST = {
    "it": "Anna Marco Giulia Paolo Chiara Luca Elena Davide Sara Matteo Irene Andrea",
    "en": "Grace Samuel Joy Daniel Blessing Peter Faith Joseph Ruth Victor Mercy Emmanuel",
    "fr": "Aminata Moussa Fatou Ibrahim Awa Seydou Mariam Abdou Khady Ousmane Aissatou Lamine",
    "es": "Lucía José María Andrés Carmen Luis Rosa Jorge Elena Miguel Sofía Pedro",
    "ro": "Ioana Ștefan Mihaela Gheorghe Andreea Vasile Elena Ion Cristina Mihai Daniela Radu",
    "sq": "Arta Besnik Teuta Agron Drita Ilir Mimoza Arben Vjosa Fatmir Blerta Genc",
    "uk": "Олена Іван Наталія Андрій Оксана Микола Ірина Сергій Тетяна Василь Людмила Богдан",
    "ar": "محمد فاطمة أحمد مريم يوسف خديجة عمر سعاد حسن ليلى كريم نادية",
    "pa": "ਗੁਰਪ੍ਰੀਤ ਹਰਜੀਤ ਸਿਮਰਨ ਬਲਵਿੰਦਰ ਮਨਪ੍ਰੀਤ ਜਸਪ੍ਰੀਤ ਕੁਲਦੀਪ ਅਮਨਦੀਪ ਰਾਜਿੰਦਰ ਸੁਖਵਿੰਦਰ",
    "ur": "عائشہ عمران زینب بلال حنا فیصل ثنا عثمان نادیہ طارق",
    "bn": "রহিম ফাতেমা করিম নাসরিন জাহিদ সালমা রফিক শিরিন আনোয়ার রোকেয়া",
    "zh": "伟 芳 秀英 强 丽 军 静 磊 敏 洋",
}
_LAST = {
    "it": "Esempi Provati Finzi Modelli",
    "en": "Sample Placeholder Mock Example",
    "fr": "Diallo Traoré Sow Ndiaye",
    "es": "Muñoz Peralta Quispe Rojas",
    "ro": "Popescu Țurcanu Ionescu Munteanu",
    "sq": "Hoxha Krasniqi Shehu Gjoni",
    "uk": "Коваленко Шевчук Бондаренко Ткаченко",
    "ar": "المنصوري العلوي حسن بنعلي",
    "pa": "ਸਿੰਘ ਕੌਰ ਗਿੱਲ ਸੰਧੂ",
    "ur": "خان احمد ملک چوہدری",
    "bn": "হোসেন বেগম ইসলাম খাতুন",
    "zh": "王 李 张 陈",
}
_HEADS = {
    "it": "Fi Mo Pro Esa Ve Lu Ca Bra Tri So",
    "en": "Hol Mar Ash Brook Ever Lang North Stan Whit Wood",
    "fr": "Dia Kon Tra Sis Bal Cam Dem Fof Gue Tou",
    "es": "Val Mor Her Sal Cas Gar Bel Nav Rom Tor",
    "ro": "Pop Dum Ion Mun Cris Flo Mar Stan Tud Vas",
    "sq": "Hox Kra She Gjo Ber Dur Lek Mar Pre Zef",
    "uk": "Коваль Шевч Бонд Тка Мель Крав Олій Поліщ Савч Лис",
    "ar": "منصور علو ناصر رشيد خليل سليم قاسم حداد طاهر زكر",
    "pa": "ਸੰਧ ਗਿੱ ਬਰਾ ਢਿੱ ਮਾਨ ਧਾਲ ਸਿੱ ਭੱਟ ਰੰਧ ਚਾਹ",
    "ur": "خان ملک رضا شاہ قری صدی انص بٹ راج میر",
    "bn": "হোস ইসল রহম করি চৌধ সরক মিয় তালু মোল্ বিশ্",
    "zh": "欧 司 上 诸 东 西 南 令 公 皇",
}
_TAILS = {
    "it": "nti delli rani gari setti boni lotti nelli veri staldi",
    "en": "den ley ton field worth man son wick ford well",
    "fr": "llo oré soko rré dé mara bélé ana ye ba",
    "es": "ez era ales eda ana ino osa uelo illo ado",
    "ro": "escu eanu ache aru ianu oiu ete iciu ovan inca",
    "sq": "aj ani oli ishi eku oja uku iqi ari emi",
    "uk": "енко ук чук ський ів ич ак ець ьо ун",
    "ar": "ي اوي ان ين ة وش ون ات اني وي",
    "pa": "ੂ ਲ ੜ ਲੋਂ ਾ ਈ ੀਆ ਵਾਲ ਨੀ ਰਾ",
    "ur": "وی انی شی قی اری یا وال زئی ندی پوری",
    "bn": "েন াম ান িম ুরী ার া কদার লা াস",
    "zh": "马 阳 官 葛 方 门 宫 狐 孙 甫",
}
_COMMON = 0.3
"""So many bear one of the four most common surnames of their language; the others one of a hundred."""


def language_of(dice: random.Random) -> str:
    """Return the language of an invented person."""
    return dice.choices(list(SHARES), weights=list(SHARES.values()))[0]


def name_of(dice: random.Random, language: str) -> str:
    """Return a first name and a surname of a language."""
    first = dice.choice(_WORDS[language][0])
    if dice.random() < _COMMON:
        return f"{first} {dice.choice(_WORDS[language][1])}"
    return f"{first} {dice.choice(_WORDS[language][2])}{dice.choice(_WORDS[language][3])}"


_WORDS = {
    language: tuple(words[language].split(" ") for words in (_FIRST, _LAST, _HEADS, _TAILS))
    for language in SHARES
}
