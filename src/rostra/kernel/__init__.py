"""No I/O: ids, clock, errors, paging, text, crypto."""
