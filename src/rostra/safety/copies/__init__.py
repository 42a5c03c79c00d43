"""Copies: what people have removed is known again, nearly as it was."""
