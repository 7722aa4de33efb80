"""What people do with the books: check, close, state, export.  Faces only show it."""
