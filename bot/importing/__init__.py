"""Reading histories from files. Nothing here touches the database; a file that cannot be used changes nothing."""
