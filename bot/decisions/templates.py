"""The checklists to begin with, in both languages, and the one that the organisation uses.

What an organisation has made of its checklist is kept in its settings in the form in which it is kept with each
decision, so that an old decision keeps the checklist it was made with.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot.decisions.checklist import Item, ItemKind, Role
from bot.settings import OrganisationSettings
from bot.texts import LANGUAGES, Text, Voice, text


class Template(StrEnum):
    """The templates of PRODUCT chapter 2, "Checklist"."""

    DEFAULT = "default"
    SWEDEN = "sweden_mbl"
    ADVICE = "advice_process"


NAMES: dict[Template, Text] = {
    Template.DEFAULT: text("Default"),
    Template.SWEDEN: text("Sweden (MBL)"),
    Template.ADVICE: text("Advice process"),
}

_Question = tuple[str, Text, ItemKind, bool, Role | None]

_DECIDED: tuple[_Question, ...] = (
    ("decision", text("The decision in one sentence"), ItemKind.LINE, True, Role.DECISION),
    ("decider", text("Who decided, where and when"), ItemKind.WORDS, True, Role.DECIDER),
    ("anchoring", text("Anchored with the management group"), ItemKind.ANCHORING, True, Role.ANCHORING),
    ("affected", text("Who is affected, and about how many"), ItemKind.WORDS, True, None),
)
_CONSULTED: tuple[_Question, ...] = (("consulted", text("Who was consulted"), ItemKind.WORDS, True, None),)
# Medbestämmandelagen (1976:580): 11 § the employer negotiates on its own initiative before it decides on important
# changes; 19 § it keeps the unions informed. For the record only: they are between the employer and the unions.
_UNIONS: tuple[_Question, ...] = (
    (
        "mbl_11",
        text("MBL 11: negotiated with the unions before the decision, with whom and when, or why it is not needed"),
        ItemKind.WORDS,
        False,
        None,
    ),
    ("mbl_19", text("MBL 19: what the unions have been told, and when"), ItemKind.WORDS, False, None),
)
_ADVICE: tuple[_Question, ...] = (
    ("asked_affected", text("Whom you asked among those affected"), ItemKind.WORDS, True, None),
    ("asked_experts", text("Whom you asked among those who know most about it"), ItemKind.WORDS, True, None),
    ("advice_not_followed", text("Which advice you did not follow, and why"), ItemKind.WORDS, True, None),
)
_FOLLOWS: tuple[_Question, ...] = (
    ("alternatives", text("Which alternatives there were"), ItemKind.WORDS, True, None),
    ("effect", text("When it takes effect, and what changes"), ItemKind.WORDS, True, None),
    ("hears_first", text("Who should hear it first"), ItemKind.WORDS, False, None),
    ("answers", text("Who answers questions"), ItemKind.WORDS, True, None),
    ("review", text("When to look at it again"), ItemKind.DAY, True, Role.REVIEW),
    ("replaces", text("Which earlier decision it replaces"), ItemKind.EARLIER, True, Role.REPLACES),
)
_QUESTIONS: dict[Template, tuple[_Question, ...]] = {
    Template.DEFAULT: (*_DECIDED, *_CONSULTED, *_FOLLOWS),
    Template.SWEDEN: (*_DECIDED, *_CONSULTED, *_UNIONS, *_FOLLOWS),
    Template.ADVICE: (*_DECIDED, *_ADVICE, *_FOLLOWS),
}


def checklist_from(template: Template) -> dict[str, Any]:
    """Return a template's checklist as it is kept, with each question in both languages."""
    voices = {language: Voice(language) for language in LANGUAGES}
    return kept_checklist(
        template,
        tuple(
            Item(key, {language: voice.say(label) for language, voice in voices.items()}, kind, on_post, role)
            for key, label, kind, on_post, role in _QUESTIONS[template]
        ),
    )


def checklist_of(settings: OrganisationSettings) -> Mapping[str, Any]:
    """Return the organisation's checklist as it is kept: its own, or *Default* while it has chosen none."""
    return settings.checklist or checklist_from(Template.DEFAULT)


def template_of(checklist: Mapping[str, Any]) -> Template:
    """Return the template that a checklist began with."""
    return Template(checklist["template"])


def kept_checklist(template: Template, items: tuple[Item, ...]) -> dict[str, Any]:
    """Return a checklist as it is kept; bot/decisions/checklist.py, `items_of`, reads it back."""
    return {
        "template": template.value,
        "items": [
            {
                "key": item.key,
                "kind": item.kind.value,
                "on_post": item.on_post,
                "role": None if item.role is None else item.role.value,
                "labels": dict(item.labels),
            }
            for item in items
        ],
    }
