/** Statements as approvers read them: coloured by their lexical form, with nothing in them hidden. */
package io.countersign.console.sql;
