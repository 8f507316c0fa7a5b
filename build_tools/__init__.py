"""kho-bao: turns a folder of raw Vietnamese news clippings into a searchable static archive."""
