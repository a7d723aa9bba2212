"""What can be done to the list of themes."""

from plenara.themes.actions.editing import add, edit, offer_again, retire
from plenara.themes.actions.importing import bring_in, drop_file, install_wsis, keep_file, learn

__all__ = ["add", "bring_in", "drop_file", "edit", "install_wsis", "keep_file", "learn", "offer_again", "retire"]
