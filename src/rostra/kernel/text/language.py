"""The languages that a post can be in: ISO 639-1, some of 639-3, four kinds of Chinese.

The codes are those that Mastodon's clients know; names are in English.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_TABLE: Final = """
aa Afar;ab Abkhaz;ae Avestan;af Afrikaans;ak Akan;am Amharic;an Aragonese;ar Arabic;as Assamese
av Avaric;ay Aymara;az Azerbaijani;ba Bashkir;be Belarusian;bg Bulgarian;bh Bihari;bi Bislama
bm Bambara;bn Bengali;bo Tibetan;br Breton;bs Bosnian;ca Catalan;ce Chechen;ch Chamorro
co Corsican;cr Cree;cs Czech;cu Old Church Slavonic;cv Chuvash;cy Welsh;da Danish;de German
dv Divehi;dz Dzongkha;ee Ewe;el Greek;en English;eo Esperanto;es Spanish;et Estonian;eu Basque
fa Persian;ff Fula;fi Finnish;fj Fijian;fo Faroese;fr French;fy Western Frisian;ga Irish
gd Scottish Gaelic;gl Galician;gn Guarani;gu Gujarati;gv Manx;ha Hausa;he Hebrew;hi Hindi
ho Hiri Motu;hr Croatian;ht Haitian;hu Hungarian;hy Armenian;hz Herero;ia Interlingua
id Indonesian;ie Interlingue;ig Igbo;ii Nuosu;ik Inupiaq;io Ido;is Icelandic;it Italian
iu Inuktitut;ja Japanese;jv Javanese;ka Georgian;kg Kongo;ki Kikuyu;kj Kwanyama;kk Kazakh
kl Kalaallisut;km Khmer;kn Kannada;ko Korean;kr Kanuri;ks Kashmiri;ku Kurmanji (Kurdish)
kv Komi;kw Cornish;ky Kyrgyz;la Latin;lb Luxembourgish;lg Ganda;li Limburgish;ln Lingala;lo Lao
lt Lithuanian;lu Luba-Katanga;lv Latvian;mg Malagasy;mh Marshallese;mi Maori;mk Macedonian
ml Malayalam;mn Mongolian;mr Marathi;ms Malay;mt Maltese;my Burmese;na Nauru
nb Norwegian Bokmal;nd Northern Ndebele;ne Nepali;ng Ndonga;nl Dutch;nn Norwegian Nynorsk
no Norwegian;nr Southern Ndebele;nv Navajo;ny Chichewa;oc Occitan;oj Ojibwe;om Oromo;or Oriya
os Ossetian;pa Panjabi;pi Pali;pl Polish;ps Pashto;pt Portuguese;qu Quechua;rm Romansh
rn Kirundi;ro Romanian;ru Russian;rw Kinyarwanda;sa Sanskrit;sc Sardinian;sd Sindhi
se Northern Sami;sg Sango;si Sinhala;sk Slovak;sl Slovenian;sn Shona;so Somali;sq Albanian
sr Serbian;ss Swati;st Southern Sotho;su Sundanese;sv Swedish;sw Swahili;ta Tamil;te Telugu
tg Tajik;th Thai;ti Tigrinya;tk Turkmen;tl Tagalog;tn Tswana;to Tonga;tr Turkish;ts Tsonga
tt Tatar;tw Twi;ty Tahitian;ug Uyghur;uk Ukrainian;ur Urdu;uz Uzbek;ve Venda;vi Vietnamese
vo Volapuk;wa Walloon;wo Wolof;xh Xhosa;yi Yiddish;yo Yoruba;za Zhuang;zh Chinese;zu Zulu
ast Asturian;chr Cherokee;ckb Sorani (Kurdish);cnr Montenegrin;csb Kashubian;gsw Swiss German
jbo Lojban;kab Kabyle;ldn Laadan;lfn Lingua Franca Nova;moh Mohawk;nds Low German
pdc Pennsylvania Dutch;sco Scots;sma Southern Sami;smj Lule Sami;szl Silesian;tok Toki Pona
vai Vai;xal Kalmyk;zba Balaibalan;zgh Standard Moroccan Tamazight
zh-CN Chinese (China);zh-HK Chinese (Hong Kong);zh-TW Chinese (Taiwan);zh-YUE Cantonese
"""


def _read(table: str) -> Mapping[str, str]:
    entries = table.strip().replace("\n", ";").split(";")
    pairs = (entry.partition(" ") for entry in entries)
    return MappingProxyType({code: name for code, _, name in pairs})


LANGUAGES: Final[Mapping[str, str]] = _read(_TABLE)
"""English name by code."""

_BY_LOWER: Final = {code.lower(): code for code in LANGUAGES}
_ALIASES: Final = {"iw": "he", "in": "id", "ji": "yi", "fil": "tl", "yue": "zh-YUE"}
_ALIASES_CHINESE: Final = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,8}")


def normalise_language(tag: str | None) -> str | None:
    """Return the code that a post is filed under, or None for no tag or an unknown one.

    `en-US` and `en_us` are `en`; of Chinese the four kinds that Mastodon tells apart are kept.
    Old codes (`iw`) become the new ones.
    """
    if tag is None or not _TAG.fullmatch(tag):
        return None
    lower = tag.lower().replace("_", "-")
    if lower in _BY_LOWER:
        return _BY_LOWER[lower]
    for prefix, code in _ALIASES_CHINESE.items():
        if lower.startswith(prefix):
            return code
    base = lower.partition("-")[0]
    return _BY_LOWER.get(base) or _ALIASES.get(base)
