"""The shape that each of Slack's payloads has in the places which we and Bolt read; pure checks, called by `read`.

Slack signs nothing that is otherwise. What is all the same is refused before anything looks into it, since to have it
sent again would not mend it.
"""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

Text = str | None
Id = Annotated[str, StringConstraints(min_length=1)]
# Seconds since 1970, as they stand before the year 5000 in all that Slack tells a time by.
Moment = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,11}(\.[0-9]{1,9})?\z")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Named(_Shape):
    id: Text = None
    enterprise_id: Text = None
    team_id: Text = None


class _Channel(_Shape):
    id: Id
    name: Text = None
    is_private: bool | None = None


class _Seen(_Shape):
    """An installation that an event is delivered for, or what stands in its place."""

    team_id: Text = None
    enterprise_id: Text = None
    is_enterprise_install: bool | Text = None
    team: Text | _Named = None
    enterprise: Text | _Named = None


class _Tokens(_Shape):
    bot: list[str] | None = None


class _Happened(_Seen):
    type: str
    user: Text | _Named = None
    user_id: Text = None
    user_team: Text = None
    channel: Text | _Channel = None
    channel_id: Text = None
    channel_type: Text = None
    ts: Text = None
    thread_ts: Text = None
    event_ts: Text = None
    item: dict[str, Any] | None = None
    tokens: _Tokens | None = None


class _Envelope(_Seen):
    event: _Happened
    authorizations: list[_Seen] | None = None
    event_time: Annotated[int, Field(ge=0, lt=10**11)] | None = None
    user: Text | _Named = None
    channel: Text | _Channel = None
    response_url: Text = None


class _Home(_Happened):
    user: Id
    event_ts: Moment


class _InChannel(_Happened):
    user: Id
    channel: Id


class _OfChannel(_Happened):
    channel: Id | _Channel


class _Person(_Shape):
    id: Id
    team_id: Text = None


class _Profile(_Shape):
    real_name: Text = None
    display_name: Text = None
    email: Text = None


class _Told(_Person):
    name: Text = None
    real_name: Text = None
    tz: Text = None
    locale: Text = None
    deleted: bool | None = None
    is_bot: bool | None = None
    profile: _Profile | None = None


class _OfPerson(_Shape):
    user: _Told


class _Option(_Shape):
    value: Text = None


class _Chosen(_Shape):
    value: str


class _Element(_Shape):
    """What stands in one field of a view."""

    type: Text = None
    value: Text = None
    selected_option: _Option | None = None
    selected_options: list[_Chosen] | None = None
    selected_date: Text = None
    selected_time: Text = None
    selected_user: Text = None
    files: list[dict[str, Any]] | None = None


class _State(_Shape):
    values: dict[str, dict[str, _Element]] = Field(default_factory=dict)


class _Block(_Shape):
    type: Text = None
    block_id: str = ""
    element: dict[str, Any] = Field(default_factory=dict)


class _View(_Shape):
    id: Text = None
    hash: Text = None
    type: str
    callback_id: str = ""
    private_metadata: Text = None
    team_id: Text = None
    app_installed_team_id: Text = None
    root_view_id: Text = None
    previous_view_id: Text = None
    state: _State = Field(default_factory=_State)
    blocks: list[_Block]


class _Container(_Shape):
    type: Text = None
    channel_id: Text = None
    message_ts: Text = None
    thread_ts: Text = None


class _Message(_Shape):
    ts: Text = None
    thread_ts: Text = None
    text: Text = None
    user: Text = None


class _Action(_Shape):
    action_id: str
    block_id: Text = None
    value: Text = None


class _Interaction(_Seen):
    type: str
    callback_id: str = ""
    user: _Person
    channel: _Channel | None = None
    authorizations: list[_Seen] | None = None
    trigger_id: Text = None
    response_url: Text = None
    view: _View | None = None
    message: _Message | None = None
    container: _Container | None = None
    # Bolt would take it for an event.
    event: None = None


class _Press(_Interaction):
    trigger_id: Id
    actions: Annotated[list[_Action], Field(min_length=1)]


class _Sent(_Interaction):
    view: _View


class _Shortcut(_Interaction):
    trigger_id: Id
    callback_id: Id


_EVENT: Final = TypeAdapter(_Envelope)
# What each kind of event has besides, by Slack's name for it.
_EVENTS: Final[dict[str, TypeAdapter[Any]]] = {
    "app_home_opened": TypeAdapter(_Home),
    **dict.fromkeys(("member_joined_channel", "member_left_channel"), TypeAdapter(_InChannel)),
    **dict.fromkeys(("team_join", "user_change"), TypeAdapter(_OfPerson)),
    **dict.fromkeys(
        ("channel_created", "channel_rename", "channel_archive", "channel_unarchive", "channel_deleted"),
        TypeAdapter(_OfChannel),
    ),
    **dict.fromkeys(("group_rename", "group_archive", "group_unarchive", "group_deleted"), TypeAdapter(_OfChannel)),
    **dict.fromkeys(("channel_left", "group_left"), TypeAdapter(_OfChannel)),
}
_INTERACTION: Final = TypeAdapter(_Interaction)
_INTERACTIONS: Final[dict[str, TypeAdapter[Any]]] = {
    "block_actions": TypeAdapter(_Press),
    "view_submission": TypeAdapter(_Sent),
    "message_action": TypeAdapter(_Shortcut),
    "shortcut": TypeAdapter(_Shortcut),
}


def is_event(envelope: object) -> bool:
    """Whether this is an event as Slack delivers one."""
    if not (isinstance(envelope, dict) and _has(_EVENT, envelope)):
        return False
    more = _EVENTS.get(envelope["event"]["type"])
    return more is None or _has(more, envelope["event"])


def is_interaction(payload: object) -> bool:
    """Whether this is a press, a sent form or a shortcut as Slack delivers one."""
    kind = payload.get("type") if isinstance(payload, dict) else None
    return isinstance(kind, str) and _has(_INTERACTIONS.get(kind, _INTERACTION), payload)


def _has(shape: TypeAdapter[Any], payload: object) -> bool:
    try:
        shape.validate_python(payload)
    except ValidationError:
        return False
    return True
