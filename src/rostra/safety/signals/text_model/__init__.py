"""The local text model: what it is made of, how it judges, how it is trained and measured."""
