"""The one safe writer of workbooks."""
