"""Parts of malicious workbooks."""

EXPANSION = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
)
"""The start of an XML part whose entities would expand eighty times."""
