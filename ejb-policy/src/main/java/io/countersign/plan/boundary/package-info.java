/** Plans inside the container: submitting them, reading of them, ending them, and the sessions that run them. */
package io.countersign.plan.boundary;
