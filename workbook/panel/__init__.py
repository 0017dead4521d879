"""The workbook's own pages: the mail inbox, and what is to come."""
