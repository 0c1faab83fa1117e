from backoffice.client.schemas import Button
from bot.telegram.keyboards import command_menu, inline_keyboard


def rows(*labels: str, rtl: bool = False) -> list[list[tuple[str, object]]]:
    buttons = [Button(label=label, token=f"t-{label}") for label in labels]
    markup = inline_keyboard(buttons, "rtl" if rtl else "ltr")
    assert markup is not None
    return [[(button.text, button.callback_data) for button in row] for row in markup.inline_keyboard]


def test_two_short_buttons_share_a_row_and_a_long_one_has_its_own() -> None:
    assert rows("Sì", "No", "Parla con una persona") == [
        [("Sì", "t-Sì"), ("No", "t-No")],
        [("Parla con una persona", "t-Parla con una persona")],
    ]


def test_in_a_right_to_left_language_the_first_button_stands_right() -> None:
    assert rows("نعم", "لا", rtl=True) == [[("لا", "t-لا"), ("نعم", "t-نعم")]]


def test_no_buttons_no_keyboard() -> None:
    assert inline_keyboard([], "ltr") is None


def test_the_menu_has_the_six_commands() -> None:
    menu = command_menu("it")
    assert [entry.command for entry in menu] == ["start", "menu", "language", "human", "stop", "privacy"]
    assert all(0 < len(entry.description) <= 60 for entry in menu)
