"""`python -m app` is the `stillup` command, without installing anything."""

from app.cli import main

if __name__ == "__main__":
    main()
