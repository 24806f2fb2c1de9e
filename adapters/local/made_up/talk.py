"""What has been said at Lindvalla in the last days, so that nobody comes into empty channels. Pure data."""

from dataclasses import dataclass, field
from datetime import time
from typing import Final


@dataclass(frozen=True, slots=True)
class Reply:
    """Something written under a message, some minutes later."""

    author: str
    text: str
    minutes_later: int


@dataclass(frozen=True, slots=True)
class Said:
    """One message: how many working days ago, when, where, by whom, and what came of it."""

    days_ago: int
    at: time
    channel: str
    author: str
    text: str
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()


TALK: Final = (
    Said(
        4,
        time(8, 12),
        "allmant",
        "karin-lindqvist",
        "God morgon! Vi har fått ordern från **Malmö stadsbibliotek**: 240 läsfåtöljer. "
        "Tack till alla som har räknat, ritat och sågat prover.",
        {
            "party": ("anna-nystrom", "hanna-lofgren", "sara-ahmadi", "linnea-strand", "gustav-holm"),
            "heart": ("amina-warsame", "malin-akerlund"),
        },
        (
            Reply("yusuf-demir", "Så roligt. Proverna i ljus ek gjorde det nog.", 14),
            Reply("anna-nystrom", "Det var precis det de sa.", 21),
        ),
    ),
    Said(4, time(9, 40), "formgivning", "hanna-lofgren", "Tygproverna från Borås har kommit. De ligger på långbordet."),
    Said(
        4,
        time(9, 52),
        "formgivning",
        "priya-raman",
        "The rust one is lovely. Could we try it on the Vide chair?",
        {"thumbs-up": ("hanna-lofgren", "yusuf-demir")},
        (Reply("hanna-lofgren", "Ja, jag klär en till fredag.", 9),),
    ),
    Said(
        4,
        time(11, 20),
        "lunch",
        "linnea-strand",
        "Pannkakor på Bryggan i dag. Vem hänger med kvart i tolv?",
        {"thumbs-up": ("ahmed-nasser", "daniela-ionescu", "li-wei", "rebecka-frisk")},
        (
            Reply("daniela-ionescu", "Jag!", 2),
            Reply("david-chen", "Me too, if there is room in the car.", 5),
        ),
    ),
    Said(
        3,
        time(7, 5),
        "produktion",
        "ingrid-dahl",
        "CNC 2 står tills servicen har varit här. Vi kör stolsidorna på 3:an så länge.",
        {"eyes": ("peter-hedlund", "hanna-lofgren")},
        (
            Reply("peter-hedlund", "Bra. När kommer de?", 6),
            Reply("ingrid-dahl", "Efter tio, säger de.", 8),
        ),
    ),
    Said(
        3,
        time(8, 30),
        "lager",
        "amina-warsame",
        "Två pallar till Helsingfors går i dag. Aino vill ha dem på rampen klockan ett.",
    ),
    Said(3, time(8, 34), "lager", "daniela-ionescu", "Fixat. De står vid port 2.", {"thanks": ("amina-warsame",)}),
    Said(
        3,
        time(10, 15),
        "forsaljning",
        "gustav-holm",
        "Mässan i Stockholm: vi har fått den större montern, C14. Jag behöver två till på lördagen den veckan.",
        {"thumbs-up": ("anna-nystrom",)},
        (
            Reply("elin-sjoberg", "Jag kan.", 4),
            Reply("james-oconnor", "Happy to fly over for it.", 33),
        ),
    ),
    Said(
        3,
        time(13, 45),
        "it-hjalp",
        "ahmed-nasser",
        "Skärmen vid maskin 4 är svart igen. Någon som kan titta?",
        {},
        (
            Reply("rebecka-frisk", "Jag kommer ner om en kvart.", 3),
            Reply("rebecka-frisk", "Det var kabeln. Bytt!", 41),
            Reply("ahmed-nasser", "Tack, snabbt som vanligt.", 44),
        ),
    ),
    Said(
        2,
        time(8, 55),
        "kundservice",
        "malin-akerlund",
        "Flera har frågat hur man oljar bordsskivan. Jag har skrivit ett kort svar, säg till om något saknas:\n\n"
        "- torka av och låt torka\n- tunt med olja, längs fibrerna\n- vänta ett dygn",
        {"idea": ("erik-sundberg", "sara-ahmadi"), "thumbs-up": ("li-wei", "amanda-wik")},
    ),
    Said(2, time(9, 10), "kundservice", "li-wei", "Perfect, I will use it in the English replies as well."),
    Said(
        2,
        time(11, 5),
        "lunch",
        "johan-bergstrom",
        "Fika klockan tre i ateljén. Lager och produktion bakar den här gången.",
        {"party": ("malin-akerlund", "gustav-holm", "viktor-sand", "lena-forsberg")},
    ),
    Said(
        2,
        time(14, 20),
        "produktion",
        "linnea-strand",
        "Första läsfåtöljen är ihopsatt. Sitter som en smäck.",
        {"heart": ("hanna-lofgren", "ingrid-dahl", "ahmed-nasser", "peter-hedlund")},
    ),
    Said(
        1,
        time(8, 20),
        "allmant",
        "johan-bergstrom",
        "Påminnelse: kvitton för friskvårdsbidraget lämnas till mig, helst före månadsskiftet.",
        {"thumbs-up": ("erik-sundberg", "simon-aberg")},
        (Reply("elin-sjoberg", "Gäller det simhallen också?", 17), Reply("johan-bergstrom", "Ja, det gör det.", 25)),
    ),
    Said(1, time(9, 2), "forsaljning", "aino-virtanen", "Helsinki received both pallets. Thank you, warehouse!"),
    Said(
        1,
        time(10, 48),
        "it-hjalp",
        "david-chen",
        "Printers on the second floor move to the new network tonight after six. Nothing you need to do.",
        {"thumbs-up": ("erik-sundberg", "jonas-palm", "sofia-marklund")},
    ),
    Said(
        1,
        time(11, 15),
        "lunch",
        "amanda-wik",
        "Har någon provat nya thaistället vid torget?",
        {},
        (
            Reply("gustav-holm", "Ja, den gröna curryn är bäst.", 6),
            Reply("hanna-lofgren", "Mycket folk kring tolv bara.", 11),
        ),
    ),
    Said(
        1,
        time(13, 30),
        "formgivning",
        "yusuf-demir",
        "Skisserna till bokhyllan hänger uppe nu. Gå förbi och sätt lappar på det ni gillar.",
        {"eyes": ("priya-raman", "viktor-sand", "hanna-lofgren")},
    ),
    Said(
        1,
        time(15, 10),
        "ledningsgruppen",
        "karin-lindqvist",
        "Till nästa möte: Peter om skiften, Birgitta om budgeten. Annat?",
        {},
        (Reply("johan-bergstrom", "Jag vill ta upp introduktionen av nya.", 12),),
    ),
)
