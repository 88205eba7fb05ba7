"""The only code that knows the order: collect, process, deliver."""
