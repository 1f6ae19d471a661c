package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.postgres.message.RowDescription;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the obligations of a permit mean for the answer to what says one thing, whatever its text. A session keeps it for the
 * next time, since what a client has asked once it asks again; what was made of the catalogue is made anew once that says
 * something else. Confined to the session's event loop.
 */
final class Terms {

    private final List<Obligation> obligations;
    private final Content content;
    private final Catalogue catalogue;

    final AnswerMask mask;

    /** Rows the client may see. */
    final long limit;

    /** What must be known of the catalogue before {@link #reach}. */
    final Catalogue.Asked relations;

    private @Nullable Reach reach;
    private long reachVersion;

    private @Nullable RowDescription columns;
    private Catalogue.Asked tables = Catalogue.Asked.byOid(Set.of());
    private @Nullable Optional<RowMask> rows;
    private long rowsVersion;

    Terms(List<Obligation> obligations, Content content, Catalogue catalogue, Maskers maskers) {
        Set<Mask> masks = new LinkedHashSet<>();
        long most = Long.MAX_VALUE;
        for (Obligation obligation : obligations) {
            switch (obligation) {
                case Obligation.MaskAnswer answer -> masks.addAll(answer.masks());
                case Obligation.LimitRows rowLimit -> most = Math.min(most, rowLimit.rows());
            }
        }
        this.obligations = obligations;
        this.content = content;
        this.catalogue = catalogue;
        this.mask = masks.isEmpty() ? AnswerMask.NONE : maskers.of(List.copyOf(masks));
        this.limit = most;
        this.relations = Catalogue.Asked.byName(mask.selectsColumns() ? Relations.of(content) : Set.of());
    }

    /** Whether they are those of this permit for what says this: the very same, as the decision and the reading remember it. */
    boolean are(List<Obligation> of, Content asked) {
        return obligations == of
                && content.effects() == asked.effects()
                && content.references() == asked.references()
                && content.elsewhere() == asked.elsewhere();
    }

    /** Masked columns that the command can reach, as far as the catalogue's {@link #relations} are known. */
    Reach reach() {
        Reach known = reach;
        long version = catalogue.version();
        if (known == null || reachVersion != version) {
            known = mask.reach(content, catalogue.tables(relations.names()));
            reach = known;
            reachVersion = version;
        }
        return known;
    }

    /** What must be known of the catalogue before {@link #rows}. */
    Catalogue.Asked tables(RowDescription described) {
        if (!described.equals(columns)) {
            columns = described;
            tables = Catalogue.Asked.byOid(mask.tables(described));
            rows = null;
        }
        return tables;
    }

    /**
     * What to do with rows of these columns; empty where each may pass as it is.
     *
     * @param of as it was when the command was forwarded
     */
    Optional<RowMask> rows(RowDescription described, Reach of) {
        tables(described);
        Optional<RowMask> known = rows;
        long version = catalogue.version();
        if (known == null || rowsVersion != version || of != reach) {
            known = mask.plan(described, content, of, catalogue::table);
            rows = of == reach ? known : null;
            rowsVersion = version;
        }
        return known;
    }
}
