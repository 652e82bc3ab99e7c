"""Status pages of the pretended vendors: one file a hosting product, all showing the same `PageState`."""
