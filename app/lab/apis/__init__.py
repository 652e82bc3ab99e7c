"""How each family of model APIs looks from outside: one file a family, one `Face` each."""
