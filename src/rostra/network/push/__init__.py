"""Push: notifications reach devices through the push service that each app names."""
