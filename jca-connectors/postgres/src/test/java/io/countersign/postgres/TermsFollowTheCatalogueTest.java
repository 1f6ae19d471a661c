package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Resource;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.RowDescription;
import io.countersign.postgres.message.RowDescription.Field;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TermsFollowTheCatalogueTest {

    private static final int ORDERS = 16384;

    private static final List<Obligation> MASKED = List.of(
            new Obligation.MaskAnswer(List.of(new Mask("cards", new Selector.Column("**", "card"), Way.REDACT))));

    private static final Content CONTENT = new Content(
            "SELECT a FROM orders",
            Digest.of("SELECT a FROM orders".getBytes(StandardCharsets.UTF_8)),
            List.of("SELECT"),
            List.of(Effect.of("sql:select", new Resource("table", List.of("public", "orders")))),
            Set.of("a"));

    private static final Effect DELETE = Effect.of("sql:delete", new Resource("table", List.of("public", "orders")));

    private static final RowDescription COLUMNS = columns("a");

    private String column = "note";

    /** What others do while an answer is read. */
    private Runnable meanwhile = () -> {};

    private final Catalogue catalogue =
            new Catalogue(question -> CompletableFuture.completedFuture(new AbstractList<>() {
                @Override
                public DataRow get(int index) {
                    meanwhile.run();
                    return row("column", ORDERS, column);
                }

                @Override
                public int size() {
                    return 1;
                }
            }));

    private final Terms terms = new Terms(MASKED, CONTENT, catalogue, new Maskers());

    @Test
    void aColumnThatGetsAMaskedNameIsHiddenFromThenOn() {
        learn();
        assertThat(terms.rows(COLUMNS, terms.reach())).isEmpty();
        assertThat(terms.reach().columns()).isEmpty();

        column = "card";
        catalogue.forget();
        learn();
        assertThat(terms.rows(COLUMNS, terms.reach())).isPresent();
        assertThat(terms.reach().columns()).containsOnlyKeys("card");
    }

    @Test
    void whatIsForgottenIsNotShown() {
        learn();
        assertThat(terms.rows(COLUMNS, terms.reach())).isEmpty();
        catalogue.forget();
        assertThat(terms.rows(COLUMNS, terms.reach())).isPresent();
    }

    @Test
    void whatIsReadAgainIsKnownMeanwhile() {
        learn();
        List<Boolean> shown = new ArrayList<>();
        meanwhile = () -> shown.add(terms.rows(COLUMNS, terms.reach()).isEmpty());
        learn();
        assertThat(shown).hasSize(2).containsOnly(true);
    }

    @Test
    void whatIsReadForTheFirstTimeIsNotKnownMeanwhile() {
        List<Boolean> known = new ArrayList<>();
        meanwhile = () -> known.add(catalogue.knows(terms.relations));
        catalogue.load(terms.relations).toCompletableFuture().join();
        assertThat(known).containsExactly(false);
        assertThat(catalogue.knows(terms.relations)).isTrue();
    }

    @Test
    void aNameThatIsKnownInOneSchemaOnlyMayHideAnythingInTheOther() {
        Content either = new Content(
                CONTENT.text(),
                CONTENT.digest(),
                CONTENT.kinds(),
                List.of(
                        Effect.of("sql:select", new Resource("table", List.of("archive", "orders"))),
                        Effect.of("sql:select", new Resource("table", List.of("public", "orders")))),
                CONTENT.references());
        Terms both = new Terms(MASKED, either, catalogue, new Maskers());
        learn();
        assertThat(both.reach().any()).isPresent();
        catalogue.load(both.relations).toCompletableFuture().join();
        assertThat(both.reach().any()).isEmpty();
    }

    @Test
    void otherColumnsHaveAPlanOfTheirOwn() {
        column = "card";
        learn();
        assertThat(terms.rows(COLUMNS, terms.reach())).isPresent();
        RowDescription none = new RowDescription(List.of());
        assertThat(terms.rows(none, terms.reach())).isEmpty();
        assertThat(terms.rows(COLUMNS, terms.reach())).isPresent();
    }

    @Test
    void theyAreThoseOfOnePermitForWhatIsSaidInAnyText() {
        assertThat(terms.are(MASKED, said(CONTENT.effects(), CONTENT.references(), CONTENT.elsewhere())))
                .isTrue();
        assertThat(terms.are(List.of(), CONTENT)).isFalse();
        assertThat(terms.are(MASKED, said(List.of(DELETE), CONTENT.references(), CONTENT.elsewhere())))
                .isFalse();
        assertThat(terms.are(MASKED, said(CONTENT.effects(), Set.of("b"), CONTENT.elsewhere())))
                .isFalse();
        assertThat(terms.are(MASKED, said(CONTENT.effects(), CONTENT.references(), Set.of("b"))))
                .isFalse();
    }

    private static Content said(List<Effect> effects, Set<String> references, Set<String> elsewhere) {
        return new Content("another", Digest.of(new byte[0]), List.of("SELECT"), effects, references, elsewhere);
    }

    private void learn() {
        catalogue.load(terms.tables(COLUMNS)).toCompletableFuture().join();
        catalogue.load(terms.relations).toCompletableFuture().join();
    }

    private static RowDescription columns(String name) {
        return new RowDescription(List.of(new Field(name, ORDERS, (short) 1, 25, (short) -1, -1, (short) 0)));
    }

    private static DataRow row(String kind, int oid, String column) {
        return new DataRow(Stream.of(kind, "" + oid, "public", "orders", "r", "1", column, "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList());
    }
}
