"""Faces to look at: facts laid out once in millimetres, drawn as SVG, HTML or PDF.

Pure: what is printed, and on what day, comes in as values. docs/printing.md has the rules of
fitting.
"""
