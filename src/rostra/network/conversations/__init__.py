"""The inbox: direct posts, gathered for each member by thread and by who takes part."""
