package io.countersign.policy;

import io.countersign.api.Effect;

/** What one rule says of one effect, and why: also of rules that do not apply. */
record Considered(Rule rule, Effect effect, Because because) {

    enum Because {
        APPLIES("applies"),
        FAILS("refuses, because its condition could not be evaluated"),
        CONDITION("does not apply: its condition is false"),
        TARGET("does not apply: it speaks of other targets"),
        DUTY("does not apply: the requester does not carry its duty"),
        EFFECT("does not apply: it speaks of other effects");

        private final String words;

        Because(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** For people: {@code read-the-shop (shop.yaml:80), duty support: applies}. */
    String described() {
        return rule.name() + " (" + rule.file() + ":" + rule.line() + "), duty " + rule.duty() + ": " + because.words();
    }
}
