/** One approval request: what it is about, who may decide it, and deciding it; and the viewer's own requests. */
package io.countersign.console.requests;
