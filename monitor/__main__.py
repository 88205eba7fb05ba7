"""``python -m monitor`` and the ``monitor`` command."""

from monitor.cli import main

if __name__ == "__main__":
    main()
