/** The policy in force inside the container: loaded at start, loaded again when it changed and is valid. */
package io.countersign.policy.boundary;
