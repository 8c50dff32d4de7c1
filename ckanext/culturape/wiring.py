"""How do we fit into the site? Order of plugins, options of other extensions, message catalogues."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import yaml
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key

from ckanext.culturape.colours import palette
from ckanext.culturape.errors import ConfigurationFault

#: What must be listed after our plugins in ``ckan.plugins``: the first one listed wins templates and routes.
AFTER = (
    "scheming_datasets",
    "scheming_organizations",
    "scheming_groups",
    "dcat",
    "structured_data",
    "harvest",
)

#: Without these we cannot work.
NEEDED = ("scheming_datasets", "scheming_organizations")


#: What ckanext-scheming reads when the operator says nothing else.
SCHEMING_DEFAULTS = {
    "scheming.dataset_schemas": "ckanext.culturape.schemas:dataset.yaml",
    "scheming.organization_schemas": "ckanext.culturape.schemas:organization.yaml",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.culturape.schemas:presets.yaml",
}


#: Schemas of records that one of our plugins brings, beside those of datasets.
SCHEMAS_OF = {
    "culturape_agenda": tuple(
        f"ckanext.culturape.schemas:{name}.yaml" for name in ("agenda", "compromiso", "necesidad")
    )
}


def check_order(config: CKANConfig) -> None:
    """Refuse a list of plugins in which we could not work. Raises: ConfigurationFault."""
    listed = list(tk.aslist(config.get("ckan.plugins")))
    absent = [name for name in NEEDED if name not in listed]
    if absent:
        raise ConfigurationFault(
            f"ckan.plugins: culturape needs {' '.join(absent)}; list them after culturape"
        )
    ours = max(listed.index(name) for name in listed if name.startswith("culturape"))
    early = [name for name in AFTER if name in listed and listed.index(name) < ours]
    if early:
        message = (
            f"ckan.plugins: {' '.join(early)} must stand after all culturape plugins, now they stand before"
        )
        raise ConfigurationFault(message)


#: What may be chosen for the look of the site.
SCHEMES = ("system", "light", "dark")


def check_look(config: CKANConfig) -> None:
    """Refuse colours that are none: what is no colour would be written into each page. Raises: ConfigurationFault."""
    for name in ("primary", "accent"):
        option = f"ckanext.culturape.look.{name}"
        given = str(config.get(option) or "").strip()
        try:
            palette(given, "")
        except ValueError:
            raise ConfigurationFault(
                f"{option}: {given!r} is no colour; write it as #rgb or #rrggbb, such as #004b6b"
            ) from None
    option = "ckanext.culturape.look.scheme"
    given = str(config.get(option) or "system").strip().lower()
    if given not in SCHEMES:
        raise ConfigurationFault(f"{option}: {given!r} is none of {', '.join(SCHEMES)}")


def declare_options(declaration: Declaration, key: Key) -> None:
    """Declare our options, and our schemas as the default of ckanext-scheming, which reads them before we are asked."""
    text = (Path(__file__).parent / "config_declaration.yaml").read_text(encoding="utf-8")
    declaration.load_dict(yaml.safe_load(text))
    listed = tk.aslist(tk.config.get("ckan.plugins"))
    added = " ".join(schema for plugin in SCHEMAS_OF if plugin in listed for schema in SCHEMAS_OF[plugin])
    for option, default in SCHEMING_DEFAULTS.items():
        ours = f"{default} {added}".strip() if option == "scheming.dataset_schemas" else default
        declaration.declare(key.from_string(option), ours)
    extend_option(tk.config, "scheming.presets", SCHEMING_DEFAULTS["scheming.presets"])
    extend_option(tk.config, "scheming.dataset_schemas", added)


def extend_option(config: CKANConfig, option: str, values: str) -> None:
    """Add to an option that the operator set what we need in it; leave it alone when nobody set it."""
    given = config.get(option)
    if given:
        present = str(given).split()
        config[option] = " ".join([*present, *(v for v in values.split() if v not in present)])
