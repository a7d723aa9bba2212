"""Views of the secretariat: letters and meeting statements, entered singly or by spreadsheet."""
