"""How well texts are understood, measured on texts that are not in the keyword lists."""
