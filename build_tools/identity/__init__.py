"""Identity: which names in several clippings mean one unit, one person, one newspaper."""
