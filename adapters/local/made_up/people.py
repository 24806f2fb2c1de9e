"""Who works at Lindvalla: forty people in seven home teams, and the channels they talk in. Pure data."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.texts import Text, text

ORGANISATION: Final = "Lindvalla"


class Habit(Enum):
    """How somebody has been taking part."""

    ORDINARY = auto()
    LIVELY = auto()
    SELDOM = auto()
    # Took part like others, then no more.
    STOPPED = auto()
    # Took part a lot, and now hardly.
    FELL = auto()
    # Joined not long ago, and has not begun.
    NEVER_STARTED = auto()


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up colleague. `years` is how long they have been here."""

    external_id: str
    name: str
    team: str
    habit: Habit = Habit.ORDINARY
    years: int = 3
    locale: str = "sv"
    zone: str = "Europe/Stockholm"
    country: str = "SE"
    working_days: str | None = None
    is_coach: bool = False
    in_management_group: bool = False
    is_communications_lead: bool = False
    on_leave: bool = False
    reads_along: bool = False
    wants_no_nudges: bool = False
    # Takes part like others again, once they have been invited.
    comes_back: bool = False
    # Not everybody has found the way into #allmänt.
    in_general: bool = True
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """One channel; `team` names the home team whose channel it is, `liveliness` weighs it against the others."""

    external_id: str
    name: str
    purpose: str
    team: str | None = None
    is_private: bool = False
    liveliness: float = 1.0


STAFF: Final = "Stab"
SALES: Final = "Försäljning"
DESIGN: Final = "Formgivning"
PRODUCTION: Final = "Produktion"
WAREHOUSE: Final = "Lager och logistik"
SERVICE: Final = "Kundservice"
IT: Final = "IT"

GENERAL: Final = "allmant"
LUNCH: Final = "lunch"
IT_HELP: Final = "it-hjalp"
MANAGEMENT: Final = "ledningsgruppen"

ROOMS: Final = (
    Room(GENERAL, "allmänt", "Det som alla ska veta", liveliness=0.8),
    Room("forsaljning", "försäljning", "Kunder, mässor och order", SALES, liveliness=2.0),
    Room("formgivning", "formgivning", "Skisser, material och prototyper", DESIGN, liveliness=2.0),
    Room("produktion", "produktion", "Skift, maskiner och leveranser", PRODUCTION, liveliness=2.0),
    Room("lager", "lager", "In och ut, och var saker står", WAREHOUSE, liveliness=1.6),
    Room("kundservice", "kundservice", "Vad kunderna frågar om", SERVICE, liveliness=2.0),
    Room(IT_HELP, "it-hjälp", "Fråga här, så hjälps vi åt", liveliness=0.8),
    Room(LUNCH, "lunch", "Vem går vart, och vad är gott", liveliness=1.2),
    Room(MANAGEMENT, "ledningsgruppen", "Ledningsgruppens egen kanal", is_private=True, liveliness=0.0),
)

# Home team: its lead.
LEADS: Final = {
    STAFF: "karin-lindqvist",
    SALES: "anna-nystrom",
    DESIGN: "yusuf-demir",
    PRODUCTION: "peter-hedlund",
    WAREHOUSE: "amina-warsame",
    SERVICE: "erik-sundberg",
    IT: "david-chen",
}

PEOPLE: Final = (
    Person("karin-lindqvist", "Karin Lindqvist", STAFF, years=9, in_management_group=True),
    Person("birgitta-akesson", "Birgitta Åkesson", STAFF, Habit.SELDOM, years=14, in_management_group=True),
    Person("johan-bergstrom", "Johan Bergström", STAFF, years=5, in_management_group=True, also_in=(LUNCH,)),
    Person(
        "sara-ahmadi",
        "Sara Ahmadi",
        STAFF,
        Habit.LIVELY,
        years=4,
        is_communications_lead=True,
        also_in=(LUNCH, IT_HELP, "kundservice"),
    ),
    Person("lena-forsberg", "Lena Forsberg", STAFF, years=11, also_in=(LUNCH,)),
    Person("anna-nystrom", "Anna Nyström", SALES, Habit.LIVELY, years=6, also_in=(LUNCH, IT_HELP)),
    Person("gustav-holm", "Gustav Holm", SALES, Habit.LIVELY, also_in=(LUNCH, IT_HELP), is_coach=True, years=7),
    Person(
        "james-oconnor",
        "James O'Connor",
        SALES,
        locale="en",
        zone="Europe/London",
        country="GB",
        also_in=(IT_HELP,),
        years=2,
    ),
    Person("aino-virtanen", "Aino Virtanen", SALES, zone="Europe/Helsinki", country="FI", locale="en", years=2),
    Person("elin-sjoberg", "Elin Sjöberg", SALES, also_in=(LUNCH,), years=1),
    Person("fatima-haddad", "Fatima Haddad", SALES, Habit.FELL, also_in=(LUNCH, IT_HELP), years=4),
    Person("mattias-ek", "Mattias Ek", SALES, Habit.SELDOM, years=8),
    Person("yusuf-demir", "Yusuf Demir", DESIGN, Habit.LIVELY, years=7, in_management_group=True, also_in=(LUNCH,)),
    Person("hanna-lofgren", "Hanna Löfgren", DESIGN, Habit.LIVELY, also_in=(LUNCH, "produktion"), is_coach=True),
    Person("priya-raman", "Priya Raman", DESIGN, locale="en", also_in=(LUNCH, IT_HELP), years=2),
    Person("viktor-sand", "Viktor Sand", DESIGN, also_in=(IT_HELP,), years=1),
    Person("maja-berglund", "Maja Berglund", DESIGN, Habit.STOPPED, on_leave=True, also_in=(LUNCH,), years=5),
    Person("peter-hedlund", "Peter Hedlund", PRODUCTION, years=16, in_management_group=True, also_in=("lager",)),
    Person("ingrid-dahl", "Ingrid Dahl", PRODUCTION, years=12, also_in=(LUNCH,)),
    Person("tomasz-kowalski", "Tomasz Kowalski", PRODUCTION, Habit.STOPPED, locale="en", wants_no_nudges=True, years=6),
    Person("ahmed-nasser", "Ahmed Nasser", PRODUCTION, also_in=(LUNCH, IT_HELP), years=3),
    Person("linnea-strand", "Linnea Strand", PRODUCTION, Habit.LIVELY, also_in=(LUNCH,), years=2),
    Person("kjell-magnusson", "Kjell Magnusson", PRODUCTION, Habit.SELDOM, years=21, working_days="1234"),
    Person("goran-wallin", "Göran Wallin", PRODUCTION, Habit.STOPPED, reads_along=True, in_general=False, years=24),
    Person("sofia-marklund", "Sofia Marklund", PRODUCTION, also_in=(IT_HELP,), in_general=False, years=4),
    Person("amina-warsame", "Amina Warsame", WAREHOUSE, Habit.LIVELY, years=5, also_in=("produktion", LUNCH)),
    Person("nils-ekman", "Nils Ekman", WAREHOUSE, Habit.STOPPED, in_general=False, also_in=(LUNCH,), years=3),
    Person("roger-blom", "Roger Blom", WAREHOUSE, Habit.SELDOM, in_general=False, years=18),
    Person("daniela-ionescu", "Daniela Ionescu", WAREHOUSE, also_in=(LUNCH,), years=2),
    Person("simon-aberg", "Simon Åberg", WAREHOUSE, also_in=(IT_HELP,), years=1),
    Person("bjorn-sten", "Björn Sten", WAREHOUSE, Habit.STOPPED, in_general=False, years=10, comes_back=True),
    Person("erik-sundberg", "Erik Sundberg", SERVICE, years=8, also_in=(IT_HELP, LUNCH)),
    Person("malin-akerlund", "Malin Åkerlund", SERVICE, Habit.LIVELY, also_in=(LUNCH,), is_coach=True, years=5),
    Person("li-wei", "Li Wei", SERVICE, locale="en", also_in=(LUNCH, IT_HELP), years=1),
    Person("oskar-lund", "Oskar Lund", SERVICE, Habit.NEVER_STARTED, also_in=(LUNCH,), years=0),
    Person("petra-jonsson", "Petra Jonsson", SERVICE, Habit.FELL, also_in=(IT_HELP, LUNCH), years=6, comes_back=True),
    Person("amanda-wik", "Amanda Wik", SERVICE, working_days="12345", years=2, also_in=(LUNCH,)),
    Person("david-chen", "David Chen", IT, Habit.LIVELY, locale="en", also_in=(IT_HELP, LUNCH), years=4),
    Person("rebecka-frisk", "Rebecka Frisk", IT, Habit.LIVELY, also_in=(IT_HELP, LUNCH), years=3),
    Person("jonas-palm", "Jonas Palm", IT, also_in=(IT_HELP,), years=2),
)

# Whom to be first, and what there is to try as them.
TO_TRY: Final[dict[str, Text]] = {
    "anna-nystrom": text("Leads a team. Write /announce and tell about a decision."),
    "johan-bergstrom": text("Is in the management group. Say whether a decision is anchored."),
    "nils-ekman": text("Has been away from the chat lately. See how Samlas invites him back."),
    "sara-ahmadi": text("Runs Samlas here. Write /nudges and see who may like an invitation."),
}
