/**
 * The policy as a branch of a git repository holds it, and who stands behind that. Only reads: nothing of a repository is run,
 * and nothing of it is trusted but the bytes, which are judged as those of any proposal.
 */
package io.countersign.revision.git;
