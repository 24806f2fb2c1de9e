"""A picture in Teams: fetched from where Teams keeps what people send, and shown by an address from outside."""

import pytest

from adapters.teams.cards import card_of
from adapters.teams.credentials import NoCredentials
from adapters.teams.package import manifest
from adapters.teams.pictures import Pictures, SentFile
from bot.messages import Message, Picture
from bot.texts import Voice
from tests.images import picture
from tests.teams.conftest import Tenant, lasting

SHOWN = Message("News", (Picture(1, "/images/1/name", "The canteen", 640, 400),))


def pictures(base_url: str = "https://samlas.example.com") -> Pictures:
    """Return the pictures of a bot that is reached there."""
    return Pictures(base_url, NoCredentials().token)


def test_a_card_shows_it_by_its_address() -> None:
    """Teams' servers fetch it; whoever cannot see it is told what it shows."""
    [element] = card_of(pictures("https://samlas.example.com/").addressed(SHOWN), Voice("en"))["body"]

    assert element["type"] == "Image"
    assert element["url"] == "https://samlas.example.com/images/1/name"
    assert element["altText"] == "The canteen"


@pytest.mark.parametrize("base_url", ["", "http://localhost:8080"])
def test_where_teams_cannot_fetch_it_is_told_in_words(base_url: str) -> None:
    """Without an https address the card says what the picture shows."""
    card = card_of(pictures(base_url).addressed(SHOWN), Voice("en"))

    assert "Picture: The canteen" in str(card)
    assert "Image" not in [element["type"] for element in card["body"]]


@pytest.mark.parametrize(
    "file",
    [
        SentFile("https://elsewhere.example/picture.jpg", needs_token=False),
        SentFile("http://company.sharepoint.com/picture.jpg", needs_token=False),
        SentFile("https://sharepoint.com.elsewhere.example/picture.jpg", needs_token=False),
        SentFile("https://company.sharepoint.com/picture.jpg", needs_token=True),
        SentFile("http://127.0.0.1:1/picture.jpg", needs_token=False),
        SentFile("file:///etc/hostname", needs_token=False),
    ],
)
async def test_nothing_is_fetched_from_elsewhere(file: SentFile) -> None:
    """Only where Teams keeps people's files, and with the token only from Teams itself."""
    upload = await pictures().fetched((file,), "https://smba.example/emea/")

    assert upload is not None
    assert upload.drawn is None
    assert upload.problem is not None
    assert "Teams did not hand the picture over" in upload.problem.msgid


@pytest.mark.parametrize("came", ["pasted", "attached"])
async def test_only_a_pasted_picture_is_asked_for_with_the_token(tenant: Tenant, came: str) -> None:
    """The address of an attached file is made for one reading, and is given no token."""
    tenant.service.files["a.jpg"] = picture()
    fetching = Pictures("", lasting("ours").token)
    file = SentFile(f"{tenant.service.url}files/a.jpg", needs_token=came == "pasted")

    upload = await fetching.fetched((file,), tenant.service.url)

    assert upload is not None
    assert upload.drawn is not None
    assert tenant.service.authorizations[-1] == ("Bearer ours" if came == "pasted" else None)


async def test_a_pasted_picture_comes_in_too(tenant: Tenant) -> None:
    """Without a draft its sender is told what to do first, in the chat."""
    tenant.service.files["a.png"] = picture("PNG")
    pasted = {"contentType": "image/png", "contentUrl": f"{tenant.service.url}files/a.png"}
    html = {"contentType": "text/html", "content": "<p><img src='https://elsewhere.example/x'></p>"}

    await tenant.take(tenant.activity(attachments=[pasted, html]))

    assert "There is no draft that this picture could be for." in str(tenant.said_to("anna")[-1])


async def test_a_picture_in_a_channel_is_nobodys_business(tenant: Tenant) -> None:
    """What is posted there is not fetched."""
    pasted = {"contentType": "image/png", "contentUrl": f"{tenant.service.url}files/a.png"}

    await tenant.take(tenant.in_team(attachments=[pasted]))

    assert [path for _, path in tenant.service.requests if path.startswith("/files")] == []


def test_the_package_lets_people_send_files() -> None:
    """In the chat with the bot."""
    [bot] = manifest("app-id", "https://samlas.example.com")["bots"]

    assert bot["supportsFiles"] is True
