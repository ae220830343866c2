"""The night's pages and Data Docs inside Airflow, under ``/reports/``, for logged-in users."""

from typing import ClassVar

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse

from followthrough.settings import from_environment

PAGES = from_environment().home.reports
SANDBOX = {"Content-Security-Policy": "sandbox allow-scripts allow-popups"}
"""Scripts in a page must not act with the rights of the user who views it."""

app = FastAPI(title="Pages of the nights", openapi_url=None)


@app.get("/{path:path}", dependencies=[Depends(get_user)])
def page(path: str) -> FileResponse:
    """A file of the reports; 404 for anything outside them."""
    file = (PAGES / (path or "index.html")).resolve()
    if not file.is_relative_to(PAGES) or not file.is_file():
        raise HTTPException(404)
    return FileResponse(file, headers=SANDBOX)


class Pages(AirflowPlugin):
    """Registers the pages and their entry in the navigation."""

    name = "followthrough_pages"
    fastapi_apps: ClassVar = [{"name": "pages", "app": app, "url_prefix": "/reports"}]
    external_views: ClassVar = [{"name": "Nights' pages", "href": "/reports/", "destination": "nav"}]
