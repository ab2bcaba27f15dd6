"""The council's own words for what the site says, beside the thesaurus of the field: the search reads them."""
