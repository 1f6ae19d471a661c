package io.countersign.approval;

/** A CDI event, fired after commit: a request came up, was voted on, or ended. */
public record RequestChanged(long id, State state) {}
