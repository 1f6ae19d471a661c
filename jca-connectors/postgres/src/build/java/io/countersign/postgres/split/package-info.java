/**
 * Makes PostgreSQL's parser fit the JVM, as a step of the build: cuts functions that are too long into helper functions, and
 * shrinks the stack that emscripten reserves.
 *
 * <p>The JVM refuses a method over 65,535 bytes (JVMS §4.7.3), and HotSpot never compiles one over 8,000
 * ({@code HugeMethodLimit}). The module is read and written here in the binary format of the WebAssembly core specification
 * (§5), because nothing else at hand writes it.
 *
 * <p>A function is cut in three steps. First its big switches: a ladder of nested blocks, one for each case, becomes a short
 * ladder of segments ({@link io.countersign.postgres.split.Ladders}). Then it is worked out which locals matter where
 * ({@link io.countersign.postgres.split.Liveness}). Then runs of whole statements move into helpers
 * ({@link io.countersign.postgres.split.Helpers}): what a run reads are the helper's parameters, what it writes for others comes
 * back in globals, fetched at once so that neither recursion nor longjmp can come between, and where it would have jumped to is
 * the helper's result.
 */
package io.countersign.postgres.split;
