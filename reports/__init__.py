"""What is printed of the database: summaries now; bulletins and workbooks stand here too."""
