"""The workbook's own tools: they run the stages, no stage imports them."""
