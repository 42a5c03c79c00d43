"""Programs of the team are told what happens: signed, retried, without what people wrote."""
