/**
 * What a target's own catalogue says that no statement does (chapter 51 "System Catalogs"): what views read and what functions
 * are like. Taken in one go, kept for a while, and added to the effects of statements.
 */
@NullMarked
package io.countersign.postgres.snapshot;

import org.jspecify.annotations.NullMarked;
