"""Forms that both drafting and the register use: the one editor, and what a page gives back."""
