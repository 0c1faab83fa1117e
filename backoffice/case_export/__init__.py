"""Lists of cases as files for a spreadsheet."""
