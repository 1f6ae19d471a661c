-- Blocks are compressed before they come here: PostgreSQL would try again on every one above 2 kB, in vain. H2 does not try.
${packed_as_it_is};
