"""Make CKAN's database, translations and first administrator; run as a program of its own before CKAN starts.

Needed on the first start and after an upgrade. Speaks to the supervisor in lines on standard output: a JSON
object with `say` (progress) or `password` (of the administrator, which is written to no log).
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from typing import Any

from culturape_portal.libmagic import make_known

ADMIN = "admin"


def main() -> None:
    """Run all steps; each may be repeated."""
    make_known()
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    tell(say="CKAN: loading")
    app = make_app(load_config(os.environ["CKAN_INI"]))
    flask_app: Any = app
    with flask_app._wsgi_app.test_request_context():
        upgrade_database()
        if os.environ.get("CULTURAPE_PORTAL_SUPERUSER_URL"):
            grant_datastore(os.environ["CULTURAPE_PORTAL_SUPERUSER_URL"])
        build_translations()
        ensure_admin()
        if "--reindex" in sys.argv:
            reindex()


def tell(**message: str) -> None:
    """Say something to the supervisor."""
    print(json.dumps(message), flush=True)


def upgrade_database() -> None:
    """Make or upgrade the tables of CKAN and its plugins."""
    from ckan.cli.db import upgrade

    tell(say="CKAN: making or upgrading the database")
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        upgrade.main(args=[], standalone_mode=False)
    finally:
        sys.stdout = out


def grant_datastore(superuser_url: str) -> None:
    """Give the DataStore's roles their rights, as ``ckan datastore set-permissions`` would."""
    import psycopg2
    from ckan.common import config
    from ckan.plugins import plugin_loaded
    from sqlalchemy.engine import make_url

    if not plugin_loaded("datastore"):
        return
    from ckanext.datastore.cli import permissions_sql

    main = make_url(config["sqlalchemy.url"])
    write, read = (make_url(config[f"ckan.datastore.{kind}_url"]) for kind in ("write", "read"))
    names: list[Any] = [main.database, write.database, main.username, write.username, read.username]
    lines = [line for line in permissions_sql(*names).splitlines() if not line.startswith("\\connect")]
    connection = psycopg2.connect(superuser_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("\n".join(lines))
    connection.close()


def build_translations() -> None:
    """Build the translations that scripts in the browser read."""
    from ckan.lib.i18n import build_js_translations

    tell(say="CKAN: building translations")
    build_js_translations()


def ensure_admin() -> None:
    """Make the first administrator, unless there is one."""
    from ckan import model
    from ckan.plugins import toolkit as tk

    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    people = model.Session.query(model.User).filter(
        model.User.sysadmin.is_(True), model.User.state == "active", model.User.name != site_user
    )
    if people.count():
        return
    password = secrets.token_urlsafe(12)
    context: Any = {"ignore_auth": True, "user": site_user}
    tk.get_action("user_create")(
        context, {"name": ADMIN, "email": "admin@localhost.invalid", "password": password}
    )
    model.Session.query(model.User).filter_by(name=ADMIN).update({"sysadmin": True})
    model.Session.commit()
    tell(password=password)


def reindex() -> None:
    """Fill the search index again: it is new, or its schema has changed."""
    from ckan.lib.search import clear_all, rebuild

    tell(say="CKAN: filling the search index")
    clear_all()
    rebuild()


if __name__ == "__main__":
    main()
