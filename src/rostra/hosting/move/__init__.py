"""Moving to another host: the old one hears of it through the places. See docs/move.md."""
