"""The tables, the queries on them, and the migrations; nothing else touches the database."""
