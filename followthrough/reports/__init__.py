"""The pages people read, made from the published version only.

``figures`` computes every figure of a night once; page, picture and chat message display the same values.
"""
