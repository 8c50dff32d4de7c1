"""What became of the options of other harvesters? For those who move a source over."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ckanext.culturape.errors import N_, Fault

#: Options of ``dcat_rdf`` (ckanext-dcat) and ``ckan`` (ckanext-harvest) whose work another option does here.
RENAMED: Mapping[str, str] = MappingProxyType({"rdf_format": "format", "remote_orgs": "organizations"})
#: Those that nothing stands for here, with the reason.
DROPPED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("profiles", "rdf_profiles", "compatibility_mode"),
            N_("all profiles of DCAT are read together, and what no field takes is kept as well"),
        ),
        **dict.fromkeys(
            ("default_tags", "default_groups", "default_extras", "override_extras", "clean_tags"),
            N_("nothing is added to what the source says"),
        ),
        **dict.fromkeys(
            ("remote_groups", "organizations_filter_include", "organizations_filter_exclude", "groups_filter_include", "groups_filter_exclude"),
            N_("all that the address shows is read"),
        ),
        **dict.fromkeys(
            ("force_all", "force_import", "api_version", "read_only", "user_agent"), N_("the harvester finds out by itself what has changed")
        ),
        **dict.fromkeys(("user", "api_key"), N_("only what anybody may see at the source is read, and the site writes in its own name")),
    }
)  # fmt: skip


def legacy_fault(name: str) -> Fault | None:
    """What to say of an option of another harvester; ``None`` for a name that is none of those either."""
    if name in RENAMED:
        message = N_(
            "“%(name)s” is an option of another harvester. What it did is done here by “%(option)s”."
        )
        return Fault(message, {"name": name, "option": RENAMED[name]})
    if name in DROPPED:
        message = N_("“%(name)s” is an option of another harvester and not needed here: %(reason)s.")
        return Fault(message, {"name": name, "reason": DROPPED[name]})
    return None
