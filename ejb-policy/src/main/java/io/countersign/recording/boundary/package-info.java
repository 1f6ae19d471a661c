/** Recordings inside the container: open ones, written behind the event loops, and reading them back. */
package io.countersign.recording.boundary;
