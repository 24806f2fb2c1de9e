"""What Slack would find wrong with a message or a view, as far as it documents its limits."""

from typing import Any

Answer = dict[str, Any]


def wrong_with_message(asked: Answer) -> str | None:
    """Return Slack's word for what is wrong with a message, None where nothing is."""
    blocks = asked.get("blocks") or []
    if not asked.get("text"):
        return "no_text"
    if len(blocks) > 50 or any(wrong_with_block(block) for block in blocks):
        return "invalid_blocks"
    return None


def wrong_with_view(view: Answer) -> str | None:
    """Return Slack's word for what is wrong with a view, None where nothing is."""
    blocks = view["blocks"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    has_fields = any(block["type"] == "input" for block in blocks)
    if len(blocks) > 100 or len(ids) != len(set(ids)) or any(wrong_with_block(block) for block in blocks):
        return "invalid_arguments"
    if view["type"] == "modal":
        if has_fields and "submit" not in view:
            return "missing_submit"
        titles = [view["title"], *(view[key] for key in ("submit", "close") if key in view)]
        if any(not 1 <= len(title["text"]) <= 24 for title in titles) or len(view.get("private_metadata", "")) > 3000:
            return "invalid_arguments"
    return None


def wrong_with_block(block: Answer) -> str | None:
    """Return what Slack would not like about one block (docs.slack.dev/reference/block-kit/blocks)."""
    match block["type"]:
        case "header":
            return None if 1 <= len(block["text"]["text"]) <= 150 else "header"
        case "context":
            elements = block["elements"]
            ok = 1 <= len(elements) <= 10 and all(1 <= len(element["text"]) <= 3000 for element in elements)
            return None if ok else "context"
        case "actions":
            return _wrong_with_actions(block["elements"])
        case "rich_text":
            return None if block["elements"] and all(map(_is_rich, block["elements"])) else "rich_text"
        case "input":
            return _wrong_with_input(block)
        case "divider":
            return None
        case "image":
            # Of a file of Slack's own; the words for it are required.
            ok = 1 <= len(block["alt_text"]) <= 2000 and set(block["slack_file"]) == {"id"}
            return None if ok else "image"
        case _:
            return "unknown"


def _wrong_with_actions(elements: list[Answer]) -> str | None:
    ids = [element["action_id"] for element in elements]
    if not 1 <= len(elements) <= 25 or len(ids) != len(set(ids)):
        return "actions"
    for element in elements:
        confirm = element.get("confirm", {})
        limits = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
        if not 1 <= len(element["text"]["text"]) <= 75 or len(element.get("value", "")) > 2000:
            return "button"
        if any(not 1 <= len(confirm[key]["text"]) <= most for key, most in limits.items() if confirm):
            return "confirm"
    return None


def _is_rich(element: Answer) -> bool:
    if "elements" in element:
        return bool(element["elements"]) and all(map(_is_rich, element["elements"]))
    return 1 <= len(element["text"]) <= 3_000 and (element["type"] != "link" or 1 <= len(element["url"]) <= 3000)


def _wrong_with_input(block: Answer) -> str | None:
    element = block["element"]
    if not 1 <= len(block["label"]["text"]) <= 2000 or len(block.get("hint", {}).get("text", "")) > 2000:
        return "input"
    if element["type"] == "file_input":
        return None if 1 <= element["max_files"] <= 10 and element["filetypes"] else "file_input"
    if element["type"] == "plain_text_input":
        initial = element.get("initial_value", "")
        return None if element["max_length"] <= 3000 and len(initial) <= element["max_length"] else "too_long"
    groups = [group["options"] for group in element.get("option_groups", [])]
    options = [*element.get("options", []), *(option for group in groups for option in group)]
    for option in options:
        described = option.get("description", {"text": "-"})["text"]
        if not 1 <= len(option["text"]["text"]) <= 75 or len(option["value"]) > 150 or not 1 <= len(described) <= 75:
            return "option"
    if "initial_option" in element and element["initial_option"] not in options:
        return "initial_option"
    return "options" if len(element.get("options", [])) > 100 or any(len(group) > 100 for group in groups) else None
