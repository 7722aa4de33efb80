"""The one place, with the faces beside it, that knows Beancount: text in, text out."""
