package io.countersign.postgres;

import io.countersign.api.Verdict;
import io.countersign.postgres.Reading.SyntaxError;
import io.countersign.postgres.message.Report;

/** From a verdict to the protocol's own words (54.8): what happened, why, and what to do. */
final class PostgresRefusal {

    private PostgresRefusal() {}

    static Report of(Verdict.Refuse refuse) {
        Report report = Report.error(sqlState(refuse.cause()), refuse.reason());
        if (!refuse.rule().isEmpty()) {
            report = report.detail("Rule " + refuse.rule());
        }
        return report.hint(refuse.hint());
    }

    /** The class codes are those of the server's appendix A. */
    private static String sqlState(Verdict.Cause cause) {
        return switch (cause) {
            case POLICY, REJECTED -> "42501"; // insufficient_privilege
            case EXPIRED, WITHDRAWN -> "57014"; // query_canceled
            // transaction_timeout: of class 25, so that every driver knows that only ROLLBACK helps, and not of class
            // 40, on
            // which some try again by themselves.
            case TRANSACTION_EXPIRED -> "25P04";
            case UNAVAILABLE -> "57P03"; // cannot_connect_now
        };
    }

    /** Shown at once, while the client waits. */
    static Report of(Verdict.Hold hold) {
        return Report.notice("held for approval, request " + hold.request() + ", " + hold.console())
                .detail(hold.reason() + " Open until " + hold.until() + ".")
                .hint("It runs as soon as somebody else approves it. Cancel (Ctrl-C) to withdraw it.");
    }

    static Report of(SyntaxError error) {
        Report report = Report.error("42601", error.message());
        return error.position() > 0 ? report.position(error.position()) : report;
    }
}
