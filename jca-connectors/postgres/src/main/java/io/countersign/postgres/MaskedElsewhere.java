package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.core.Masker;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Why a command must not be forwarded though what it shows would be hidden: it tells masked values in another way. */
final class MaskedElsewhere {

    private MaskedElsewhere() {}

    /** What the client is told; empty where the command only shows masked columns, or their masks allow other uses. */
    static Optional<Report> refusal(Content content, Reach reach, Masker masker) {
        if (reach.statistics() && masker.refusesElsewhere()) {
            return Optional.of(refusal("what the target keeps beside its tables tells values of masked columns"));
        }
        Set<String> columns = new TreeSet<>();
        boolean rows = false;
        for (String name : content.elsewhere()) {
            if (reach.unusable().contains(Reach.name(name))) {
                columns.add('"' + Reach.name(name) + '"');
            }
            rows |= reach.refuses() && reach.row(name);
        }
        if (!columns.isEmpty()) {
            return Optional.of(refusal("this command uses what is masked otherwise than to show it: column "
                    + String.join(", ", columns)));
        }
        if (rows) {
            return Optional.of(
                    refusal("this command uses whole rows, in which columns are masked, otherwise than to show them"));
        }
        return content.elsewhere().contains(Statement.ANYTHING) && masker.refusesElsewhere()
                ? Optional.of(refusal("nobody can see what the code in this command does with masked columns"))
                : Optional.empty();
    }

    private static Report refusal(String why) {
        return Report.error("42501", why)
                .detail("Conditions, orders, groups, joins, copies and calculations tell what is in a column, though"
                        + " it is not shown.")
                .hint("Leave the masked columns out of them, or ask for a mask with 'elsewhere: allow'.");
    }
}
