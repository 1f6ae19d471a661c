package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.api.Obligation;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.postgres.message.Report;
import java.lang.System.Logger.Level;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Takes a permit at its word: from its obligations, and what the target's catalogue says, to what one command's answer may
 * show. Confined to the session's event loop.
 */
final class Permits {

    private static final System.Logger LOG = System.getLogger(Permits.class.getName());

    /** Contents whose terms are kept, … */
    private static final int MOST_REMEMBERED = 16;

    /** … and the characters of each. */
    private static final int LONGEST_REMEMBERED = 8 * 1024;

    private final SessionId session;
    private final SessionState state;
    private final Maskers maskers;
    private final Catalogue catalogue;
    private final Executor loop;
    private final BooleanSupplier over;

    /** By the very effects: commands of one text share them, and texts that say the same. */
    private final Map<List<Effect>, Terms> before = new IdentityHashMap<>();

    /**
     * @param loop the session's event loop
     * @param over whether the session has ended, so that no answer is needed any more
     */
    Permits(
            SessionId session,
            SessionState state,
            Maskers maskers,
            Catalogue catalogue,
            Executor loop,
            BooleanSupplier over) {
        this.session = session;
        this.state = state;
        this.maskers = maskers;
        this.catalogue = catalogue;
        this.loop = loop;
        this.over = over;
    }

    /** As {@link Outlet#running}. */
    void running(long number, Reading reading, Content content, Verdict.Permit permit, Consumer<Permitted> told) {
        Terms terms = terms(permit.obligations(), content);
        if (catalogue.knows(terms.relations)) {
            told.accept(permitted(number, reading, content, terms));
            return;
        }
        catalogue
                .load(terms.relations)
                .whenComplete((done, failure) -> loop.execute(() -> {
                    if (over.getAsBoolean()) {
                        return;
                    }
                    if (failure == null) {
                        told.accept(permitted(number, reading, content, terms));
                    } else {
                        LOG.log(
                                Level.ERROR,
                                "session " + session + ": the target's catalogue does not answer",
                                failure);
                        told.accept(new Permitted.Impossible(
                                Report.error("58000", "the gateway cannot learn which columns this command could show")
                                        .hint("Nothing was forwarded. Try again, or ask the gateway's operators.")));
                    }
                }));
    }

    private Terms terms(List<Obligation> obligations, Content content) {
        Terms known = before.get(content.effects());
        if (known != null && known.are(obligations, content)) {
            return known;
        }
        Terms terms = new Terms(obligations, content, catalogue, maskers);
        if (content.text().length() <= LONGEST_REMEMBERED) {
            if (before.size() >= MOST_REMEMBERED) {
                before.clear();
            }
            before.put(content.effects(), terms);
        }
        return terms;
    }

    private Permitted permitted(long number, Reading reading, Content content, Terms terms) {
        AnswerMask mask = terms.mask;
        Reach reach = terms.reach();
        Optional<Report> refusal = mask.refusal(content, reach);
        if (refusal.isPresent()) {
            return new Permitted.Impossible(refusal.get());
        }
        Optional<CopyMask> copyMask = Optional.empty();
        if (reading.has("COPY") && !mask.none()) {
            copyMask = reach.any().isPresent() || mask.computes(content)
                    ? copyMask(reading, mask)
                    : Optional.of(CopyMask.detecting(mask.masker()));
            if (copyMask.isEmpty()) {
                return new Permitted.Impossible(Report.error(
                                "0A000",
                                "this COPY cannot be shown: values in it must be masked, and their places are not"
                                        + " known")
                        .hint("Copy a table as COPY table (columns) TO STDOUT in text or CSV format, or use SELECT."));
            }
        }
        return new Permitted.Possible(new Running(number, reading, content, terms, reach, copyMask));
    }

    /** Where the text is plain and the table known, every field's column is. What is copied in shows nothing. */
    private Optional<CopyMask> copyMask(Reading reading, AnswerMask mask) {
        boolean out = reading.statements().stream()
                .anyMatch(statement -> statement.effects().stream()
                        .anyMatch(effect -> effect.action().equals("sql:copy-to")));
        if (!out) {
            return Optional.of(CopyMask.detecting(mask.masker()));
        }
        return CopyShape.of(reading.text())
                .flatMap(shape -> table(shape.table())
                        .map(table -> new CopyMask(
                                mask.masker(),
                                (shape.columns().isEmpty() ? table.copied() : shape.columns())
                                        .stream()
                                                .map(column -> mask.column(table, column))
                                                .toList(),
                                shape.csv(),
                                shape.header())));
    }

    private Optional<Catalogue.Table> table(List<String> name) {
        List<String> schemas = name.size() == 2 ? List.of(name.getFirst()) : state.schemas();
        return schemas.stream()
                .flatMap(schema ->
                        Optional.ofNullable(catalogue.table(new Catalogue.Name(schema, name.getLast()))).stream())
                .findFirst();
    }
}
