/**
 * From the text of SQL to what it would do.
 *
 * <p>PostgreSQL's own parser (libpg_query, compiled to WebAssembly, cut and compiled to JVM code by the build) is the only
 * reader of statements here: whatever it does not accept, and whatever this package does not know in its parse tree, is never
 * passed as harmless. {@link io.countersign.postgres.sql.StatementReader} is the way in.
 *
 * <p>Names stay as written, part by part; which schema an unqualified one means is a session's business. What no parser can
 * see, because it is only known to the server's catalogue, is not here: code behind views, triggers, casts, operators and
 * columns that are really function calls, and overloads of built-in functions that a user's schema adds. As far as
 * {@link io.countersign.postgres.snapshot.Snapshot} tells of them, they are added there.
 */
package io.countersign.postgres.sql;
