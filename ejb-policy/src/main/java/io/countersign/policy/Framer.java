package io.countersign.policy;

/**
 * One of those who brought a rule into force: its author, or an approver of the revision that introduced it as it is.
 *
 * @param approved whether they approved it; they wrote it where not
 */
public record Framer(Author who, String rule, boolean approved) {}
