"""`python -m aestudio`: the same as the `aestudio` command."""

from aestudio.cli.main import main

if __name__ == "__main__":
    main()
