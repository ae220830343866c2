"""Parses files into rows of text: archives, encodings, workbooks, and detection of the export."""
