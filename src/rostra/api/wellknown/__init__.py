"""Documents at fixed addresses: who is here, what this is, whether it is well."""
