"""The form of an operator in the App."""

from __future__ import annotations


class Form:
    """The form that is open.

    Args:
        page: the App's page.
    """

    def __init__(self, page) -> None:
        self._page = page
        self.dialog = page.get_by_role("dialog")
        self.dialog.wait_for()

    def fill(self, label: str, value: str) -> None:
        """Fills in a field: the first input after its label."""
        title = self.dialog.get_by_text(label, exact=True).first
        field = title.locator("xpath=following::*[self::input or self::textarea][not(@aria-hidden='true')][1]")
        field.fill(value)

    def choose(self, label: str) -> None:
        """Takes one of several choices that are shown as round buttons."""
        self.dialog.get_by_text(label, exact=True).first.click()

    def says(self, text) -> None:
        """Waits until the form says something."""
        self.dialog.get_by_text(text).first.wait_for()

    def select(self, label: str, choice: str) -> None:
        """Takes a choice of a list that opens."""
        self.dialog.get_by_text(label, exact=True).first.locator("xpath=following::*[@role='combobox'][1]").click()
        self._page.get_by_role("option").filter(has_text=choice).first.click()

    def switch(self, label: str) -> None:
        """Turns a switch on or off."""
        self.dialog.get_by_label(label, exact=True).click()

    def press(self, name: str) -> None:
        """Presses a button, when that is possible."""
        self.button(name).click()

    def execute(self) -> None:
        """Runs the operator, watches its progress, and closes that for the report behind it."""
        if not self.button("Execute").count():
            self._press_instead("Execute")
        self.press("Execute")
        self.says("100%")
        self.press("Done")

    def schedule(self) -> None:
        """Lets the operator run in the background."""
        self._press_instead("Schedule")
        self.press("Schedule")

    def _press_instead(self, name: str) -> None:
        """Gives the button at the form's end another meaning."""
        self.dialog.get_by_role("group", name="split button").get_by_role("button").last.click()
        self._page.get_by_role("menuitem", name=name).click()

    def button(self, name: str):
        """One of the form's buttons."""
        return self.dialog.get_by_role("button", name=name, exact=True)

    def gone(self) -> None:
        """Waits until the form is closed."""
        self.dialog.wait_for(state="detached")
