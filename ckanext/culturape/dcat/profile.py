"""The profile ``culturape_dcat_ap_3`` of ckanext-dcat: a thin adapter between its rdflib graph and our triples.

Datasets of other schemas on the same portal go through the stock European profile.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
import pyoxigraph as ox
import rdflib
from ckanext.dcat.profiles import EuropeanDCATAP3Profile
from ckanext.dcat.profiles.base import RDFProfile

from ckanext.culturape.dcat import beside
from ckanext.culturape.dcat.catalogue import catalogue_to_rdf
from ckanext.culturape.logic.rdf import make_context, organization_of
from ckanext.culturape.namespaces import PREFIXES
from ckanext.culturape.rdf.fragment import statements_of
from ckanext.culturape.rdf.graph import Graph
from ckanext.culturape.rdf.mapping import dataset_from_rdf, dataset_iri
from ckanext.culturape.types import Record

log = logging.getLogger(__name__)

DATASET_TYPE = "dataset"

DCAT = rdflib.Namespace(PREFIXES["dcat"])


def is_ours(record: Record) -> bool:
    """Whether our schema describes this type of dataset on this site."""
    schema = tk.h.scheming_get_dataset_schema(str(record.get("type") or DATASET_TYPE))
    return bool(schema) and schema.get("after_validators") == "culturape_review"


def to_rdflib(term: Any) -> Any:
    """A term of pyoxigraph as one of rdflib."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value == f"{PREFIXES['xsd']}string"
    return rdflib.Literal(
        term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value), normalize=False
    )


def from_rdflib(term: Any) -> Any:
    """A term of rdflib as one of pyoxigraph. Raises: ValueError for an address that is none."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


class CulturapeProfile(RDFProfile):
    """DCAT-AP 3 for cultural datasets."""

    def parse_dataset(self, dataset_dict: Record, dataset_ref: Any) -> Record:
        """Read a dataset into a dictionary for ``package_create``."""
        graph = Graph(self._readable_triples())
        record, faults = dataset_from_rdf(graph, from_rdflib(dataset_ref), make_context(str(dataset_ref)))
        for fault in faults:
            log.warning("%s: %s: %s", dataset_ref, fault.field, fault)
        dataset_dict.update(record)
        dataset_dict["type"] = DATASET_TYPE
        return dataset_dict

    def _readable_triples(self) -> Iterable[ox.Triple]:
        for subject, predicate, value in self.g.triples((None, None, None)):
            try:
                yield ox.Triple(from_rdflib(subject), from_rdflib(predicate), from_rdflib(value))
            except ValueError:
                log.warning("left out: %s %s %s", subject, predicate, value)

    def graph_from_dataset(self, dataset_dict: Record, dataset_ref: Any) -> None:
        """Add a dataset to the graph; one that cannot be serialised is left out and named in the log."""
        if not is_ours(dataset_dict):
            stock = EuropeanDCATAP3Profile(
                self.g, dataset_type=str(dataset_dict.get("type")), compatibility_mode=False
            )
            stock.graph_from_dataset(dataset_dict, dataset_ref)
            return
        try:
            context = make_context(str(dataset_dict["id"]))
            owner, others = organization_of(dataset_dict), beside.said_of(dataset_dict)
            triples = list(statements_of(dataset_dict, context, owner, others))
            address = rdflib.URIRef(dataset_iri(dataset_dict, context).value)
        except Exception:
            log.exception("dataset %s cannot be serialised and is left out", dataset_dict.get("id"))
            return
        self._add(triples)
        if address != dataset_ref:
            log.info("dataset %s stands under %s", dataset_ref, address)

    def graph_from_catalog(self, catalog_dict: Record, catalog_ref: Any) -> None:
        """Add the catalogue node to the graph."""
        for prefix, address in PREFIXES.items():
            self.g.bind(prefix, address)
        self._add(catalogue_to_rdf(ox.NamedNode(str(catalog_ref)), make_context("catalogue")))

    def _add(self, triples: Iterable[ox.Triple]) -> None:
        for item in triples:
            self.g.add((to_rdflib(item.subject), to_rdflib(item.predicate), to_rdflib(item.object)))
