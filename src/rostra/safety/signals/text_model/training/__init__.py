"""How a trained file is made: rows of labelled texts, the layers backwards, the search for weights.

Written on NumPy alone, so that training needs no other program; given CuPy in its place
(`--device cuda`) the same code runs on a GPU.
"""
