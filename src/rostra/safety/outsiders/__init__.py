"""Reports by people without an account (DSA Art. 16): taken, confirmed, answered, forgotten."""
