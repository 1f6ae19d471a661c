/** Held commands inside the container: a bean for each that waits, votes on their requests, and what people read of them. */
package io.countersign.approval.boundary;
