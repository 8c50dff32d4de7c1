"""The plugin ``culturape_dcat``: DCAT-AP 3 through the endpoints of ckanext-dcat. Wiring only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.config.declaration import Declaration, Key

from ckanext.culturape.dcat import action


class CulturapeDcatPlugin(p.SingletonPlugin):
    """DCAT-AP 3 for cultural datasets."""

    p.implements(p.IConfigDeclaration)
    p.implements(p.IActions)

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        declaration[key.ckanext.dcat.rdf.profiles].set_default("culturape_dcat_ap_3")

    def get_actions(self) -> dict[str, Any]:
        return action.actions()
