"""Our messages in a language that no request has chosen: for the command line, files and mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from gettext import translation
from importlib import import_module
from pathlib import Path

DOMAIN = "ckanext-culturape"
#: Messages of CKAN and its companions.
OVERLAY = "culturape-overlay"


def folder() -> Path:
    """The folder of the message catalogues."""
    # An editable installation maps the folder, so the module is asked where it lies.
    return Path(str(import_module("ckanext.culturape.i18n").__file__)).parent


def overlay() -> Path:
    """The folder of the catalogues of messages that are not ours."""
    return folder() / "overlay"


def languages(catalogues: Path) -> list[str]:
    """Languages that have a compiled catalogue in a folder."""
    return sorted(path.parent.parent.name for path in catalogues.glob("*/LC_MESSAGES/*.mo"))


@lru_cache(maxsize=8)
def translator(language: str) -> Callable[[str], str]:
    """What turns a msgid into the words of this language; msgids are English and stand where there are no others."""
    languages = [language.replace("-", "_"), language.split("-", 1)[0].split("_", 1)[0]]
    return translation(DOMAIN, str(folder()), languages, fallback=True).gettext
