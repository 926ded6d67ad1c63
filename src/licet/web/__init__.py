"""HTTP for people and programs: read the request, call one verb, answer."""
