"""The FastAPI example, with the root path set in FastAPI instead of the server, which the example advises against."""

from main import app

app.root_path = "/api"
