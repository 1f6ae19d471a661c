/** Asks automatic approvers inside of the container. */
package io.countersign.automatic.boundary;
