"""The catalogue actions of ckanext-dcat, for datasets alone and without those that cannot be serialised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import rdflib
from ckan.types import Context
from ckanext.dcat import logic as dcat_logic
from ckanext.dcat.processors import RDFSerializer
from ckanext.dcat.utils import url_to_rdflib_format
from rdflib.namespace import RDF

from ckanext.culturape.dcat import pages
from ckanext.culturape.dcat.asking import read_ask
from ckanext.culturape.dcat.listing import only_datasets
from ckanext.culturape.dcat.profile import DATASET_TYPE, DCAT, is_ours
from ckanext.culturape.namespaces import expand
from ckanext.culturape.rdf.mapping import record_address
from ckanext.culturape.types import Record

#: The name of our profile.
OURS = "culturape_dcat_ap_3"

Action = Callable[[Context, Record], Any]


class CatalogueSerializer(RDFSerializer):
    """A page of the catalogue in which every dataset that is named is described."""

    def serialize_catalog(
        self,
        catalog_dict: Any = None,
        dataset_dicts: Any = None,
        _format: str = "xml",
        pagination_info: Any = None,
    ) -> str:
        """The page in a format of ckanext-dcat."""
        catalogue = self.graph_from_catalog(catalog_dict)
        for record in dataset_dicts or ():
            dataset = self.graph_from_dataset(record)
            if (dataset, RDF.type, DCAT.Dataset) in self.g:
                self._add_entry(catalogue, record, dataset)
        if pagination_info:
            self._add_pagination_triples(pagination_info)
            self._link_pages()
        return self.g.serialize(format=url_to_rdflib_format(_format or "xml"))

    def _add_entry(self, catalogue: Any, record: Record, dataset: Any) -> None:
        if not self._add_source_catalog(catalogue, record, dataset):
            self.g.add((catalogue, DCAT.dataset, dataset))
        entry = rdflib.URIRef(record_address(str(dataset)))
        if (entry, RDF.type, DCAT.CatalogRecord) in self.g:
            self.g.add((catalogue, DCAT.record, entry))

    def _link_pages(self) -> None:
        """Pages are addresses, so they are said as addresses."""
        for name in (
            "next",
            "previous",
            "first",
            "last",
            "nextPage",
            "previousPage",
            "firstPage",
            "lastPage",
        ):
            predicate = rdflib.URIRef(expand(f"hydra:{name}"))
            for page, address in list(self.g.subject_objects(predicate)):
                self.g.remove((page, predicate, address))
                self.g.add((page, predicate, rdflib.URIRef(str(address))))


def split(profiles: Any) -> list[str] | None:
    """Names of profiles as addresses give them; ``None`` for those of the site."""
    names = profiles.split(",") if isinstance(profiles, str) else list(profiles or ())
    return [name.strip() for name in names if name.strip()] or None


def is_ours_to_write(profiles: Any = None) -> bool:
    """Whether our profile alone is asked for, for our schema; all else goes through ckanext-dcat."""
    wanted = split(profiles) or list(tk.aslist(tk.config.get("ckanext.dcat.rdf.profiles")))
    is_plain = not tk.asbool(tk.config.get("ckanext.dcat.expose_subcatalogs"))
    return wanted == [OURS] and is_plain and is_ours({"type": DATASET_TYPE})


def _show(context: Context, data_dict: Record) -> str:
    suffix = str(data_dict.get("format") or "xml")
    if is_ours_to_write(data_dict.get("profiles")):
        return pages.write_page(pages.find_page(read_ask(data_dict, suffix))).decode()
    asked = {**data_dict, "fq": only_datasets(data_dict.get("fq") or "")}
    found = dcat_logic._search_ckan_datasets(context, asked)
    paging = dcat_logic._pagination_info(found, data_dict)
    serializer = CatalogueSerializer(profiles=split(data_dict.get("profiles")))
    return serializer.serialize_catalog({}, found["results"], _format=suffix, pagination_info=paging)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(original: Action, context: Context, data_dict: Record) -> str:
    """A page of the catalogue."""
    tk.check_access("dcat_catalog_show", context, data_dict)
    return _show(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(original: Action, context: Context, data_dict: Record) -> str:
    """A page of the datasets that a search finds."""
    tk.check_access("dcat_catalog_search", context, data_dict)
    return _show(context, data_dict)


def actions() -> dict[str, Any]:
    """By name, as CKAN asks for them."""
    return {"dcat_catalog_show": dcat_catalog_show, "dcat_catalog_search": dcat_catalog_search}
