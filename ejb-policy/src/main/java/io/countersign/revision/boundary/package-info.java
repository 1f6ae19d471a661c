/** Proposals of the policy inside the container, and the watch over its folder. */
package io.countersign.revision.boundary;
