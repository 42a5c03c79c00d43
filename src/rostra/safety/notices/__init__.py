"""The notice desk: letters from hosts, stores, registrars, authorities and people outside."""
