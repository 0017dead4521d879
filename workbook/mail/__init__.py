"""The address of the mail inbox on the command line: python -m workbook.mail."""
