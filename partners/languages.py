"""The languages that people write in: the 24 of the European Union, and those of three neighbours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language by its short tag and its own name; `zone` is the time zone where most of its speakers live."""

    tag: str
    name: str
    zone: str


LANGUAGES = (
    Language("bg", "български", "Europe/Sofia"),
    Language("cs", "čeština", "Europe/Prague"),
    Language("da", "dansk", "Europe/Copenhagen"),
    Language("de", "Deutsch", "Europe/Berlin"),
    Language("et", "eesti", "Europe/Tallinn"),
    Language("el", "ελληνικά", "Europe/Athens"),
    Language("en", "English", "Europe/Brussels"),
    Language("es", "español", "Europe/Madrid"),
    Language("fr", "français", "Europe/Paris"),
    Language("ga", "Gaeilge", "Europe/Dublin"),
    Language("hr", "hrvatski", "Europe/Zagreb"),
    Language("it", "italiano", "Europe/Rome"),
    Language("lv", "latviešu", "Europe/Riga"),
    Language("lt", "lietuvių", "Europe/Vilnius"),
    Language("hu", "magyar", "Europe/Budapest"),
    Language("mt", "Malti", "Europe/Malta"),
    Language("nl", "Nederlands", "Europe/Amsterdam"),
    Language("no", "norsk", "Europe/Oslo"),
    Language("pl", "polski", "Europe/Warsaw"),
    Language("pt", "português", "Europe/Lisbon"),
    Language("ro", "română", "Europe/Bucharest"),
    Language("sk", "slovenčina", "Europe/Bratislava"),
    Language("sl", "slovenščina", "Europe/Ljubljana"),
    Language("sr", "српски", "Europe/Belgrade"),
    Language("fi", "suomi", "Europe/Helsinki"),
    Language("sv", "svenska", "Europe/Stockholm"),
    Language("uk", "українська", "Europe/Kyiv"),
)
CHOICES = [(language.tag, language.name) for language in LANGUAGES]
ENGLISH = next(language for language in LANGUAGES if language.tag == "en")


def preferred(accept_language: str) -> Language:
    """The first of our languages in an Accept-Language header (most wanted first); English when there is none."""
    by_tag = {language.tag: language for language in LANGUAGES} | {"nb": _norwegian(), "nn": _norwegian()}
    wanted = []
    for item in accept_language[:500].split(","):
        tag, _, parameters = item.partition(";")
        language = by_tag.get(tag.strip().lower().partition("-")[0])
        if language is not None:
            wanted.append((-_quality(parameters), len(wanted), language))
    return min(wanted)[2] if wanted else ENGLISH


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def _norwegian() -> Language:
    return next(language for language in LANGUAGES if language.tag == "no")
