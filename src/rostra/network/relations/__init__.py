"""Who follows, asks to follow, blocks, mutes and takes notes of whom."""
