"""The built-in plugins, written against the public API only, as anyone's would be."""
