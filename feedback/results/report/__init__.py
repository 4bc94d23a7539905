"""The report of a consultation: one content, told in HTML, PDF and DOCX."""
