"""The FastAPI example with a root path in FastAPI itself, which the example advises against."""

from main import app

app.root_path = "/api"
