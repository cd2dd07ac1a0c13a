"""What this app adds to the pages below: the work list, the counter of the papers that wait for someone's own signature."""
