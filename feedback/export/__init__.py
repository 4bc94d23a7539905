"""Exports: rows of the administration's lists as files for the tools that staff work with.

A kind (`feedback.export.kinds`) names its columns; each column is an expression of the database's. What is chosen is
read from one snapshot, in an order that does not change, and written as it comes: memory stays the same however long
the list is. A file appears whole or not at all (`feedback.export.files`). Dumps of the open data have other rows and
bodies (`feedback.dumps`), and share with exports what a column and a safe cell are.
"""
