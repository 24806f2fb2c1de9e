"""What an organisation has decided about Samlas: one frozen model, kept as JSON with its version."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class OrganisationSettings(BaseModel):
    """The settings of one workspace, with the defaults that PRODUCT names; read through `ctx.settings`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Literal["sv", "en"] = "sv"
    zone: str = "Europe/Stockholm"
    country: str = "SE"
    region: str | None = None
    working_days: str = Field(default="12345", pattern="^[1-7]{1,7}$")
    work_start: int = Field(default=8 * 60, ge=0, le=1439)
    work_end: int = Field(default=17 * 60, ge=1, le=1440)
    # ISO week numbers in which nobody is counted as quiet: the Swedish holiday month.
    quiet_weeks: tuple[int, ...] = (28, 29, 30, 31, 32)
    announcement_channel: str | None = None

    # The organisation's own checklist for decisions, as bot/decisions/templates.py keeps it; empty: *Default*.
    checklist: Mapping[str, Any] = Field(default_factory=dict)
    # How decisions are made here, in Markdown by language; empty: what Samlas brings. The version grows with it.
    decision_path: Mapping[str, str] = Field(default_factory=dict)
    decision_path_version: int = Field(default=0, ge=0)
    anchoring_rule: Literal["any", "majority", "all"] = "majority"

    quiet_no_sign: bool = True
    quiet_no_sign_working_days: int = Field(default=15, ge=5, le=60)
    quiet_fell: bool = True
    quiet_never_started: bool = True
    # Whoever joined less than 14 days ago is a newcomer, and never called quiet.
    quiet_never_started_days: int = Field(default=14, ge=14, le=60)

    # The ladder's third step: off until the organisation turns it on. Invitations of that day and later tell of it.
    suggest_to_leads: bool = False
    suggest_to_leads_from: date | None = None

    # Whether it is looked into if tips help, and since when: off until a communications lead turns it on.
    does_it_work: bool = False
    does_it_work_from: date | None = None

    # ISO weekday and minutes after midnight of the weekly round, in each member's own zone.
    round_weekday: int = Field(default=2, ge=1, le=7)
    round_minute: int = Field(default=10 * 60, ge=0, le=1439)
    notice_days: int = Field(default=14, ge=14, le=90)

    # How long counts by member are kept; then they are summed to months without the member (PRODUCT chapter 5). Below
    # 100 days nobody's usual level could be known (nudges/quiet.py).
    counts_kept_days: int = Field(default=180, ge=100, le=366)
