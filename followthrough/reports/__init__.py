"""The pages people read: made from the published version alone, each figure computed in one place.

``figures`` computes a night, page, picture and chat message only show it: they can never disagree.
"""
