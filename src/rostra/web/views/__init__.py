"""View-models: the frozen structs that templates take, and nothing else.

Handlers fill them from network's access modules; the renderer turns one page struct and one
shell into bytes. Nothing in here reads the database or knows a request.
"""
