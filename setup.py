"""Maps the folders at the root of the repository to their package names; all else is in pyproject.toml."""

from setuptools import find_namespace_packages, setup

FOLDERS = {
    "ckanext.culturape.schemas": "schemas",
    "ckanext.culturape.i18n": "i18n",
    "culturape_portal": "portal",
}

setup(
    packages=[*find_namespace_packages(include=["ckanext", "ckanext.*"]), *FOLDERS],
    package_dir=FOLDERS,
)
