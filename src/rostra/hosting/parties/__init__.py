"""Outside parties: on whom the place depends, who else could do it, when that was rehearsed."""
