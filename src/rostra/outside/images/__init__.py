"""Pictures: uploads become variants that are re-encoded and free of metadata."""

from rostra.outside.images.model import Processed, Variant
from rostra.outside.images.sniff import ACCEPTED
from rostra.outside.images.workers import ImageWorkers

__all__ = ["ACCEPTED", "ImageWorkers", "Processed", "Variant"]
