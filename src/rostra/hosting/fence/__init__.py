"""The fence: which one installation of a network may write and speak. See docs/fence.md."""
