"""What the database knows of the programs that may use it."""

from sqlmodel import Field, SQLModel


class ProgramFloor(SQLModel, table=True):
    """The oldest version of Samlas that may still run on this database; one row, raised by migrations."""

    __tablename__ = "program_floor"

    id: int = Field(default=1, primary_key=True)
    oldest_program: str
