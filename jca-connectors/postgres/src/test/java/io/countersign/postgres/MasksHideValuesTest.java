package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Frame;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Secret;
import io.countersign.api.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class MasksHideValuesTest extends GatewayTest {

    private static final Mask CARDS =
            new Mask("cards", new Selector.Column("public.customers", "card*"), Way.KEEP_LAST_4);
    private static final Mask SECRETS = new Mask("secrets", new Selector.Column("*.customers", "secret"), Way.NULL);
    private static final Mask FOUND =
            new Mask("found", new Selector.Detected(Set.of(Detector.PAYMENT_CARD, Detector.EMAIL)), Way.REDACT);

    @BeforeEach
    void customersHaveCards() {
        TARGET.run(
                "DROP VIEW IF EXISTS cards_seen",
                "DROP TABLE IF EXISTS customers",
                "CREATE TABLE customers (id int PRIMARY KEY, name text, card text, card_int int8, secret jsonb,"
                        + " note varchar(200) UNIQUE)",
                "INSERT INTO customers VALUES (1, 'Ann', '4111-1111-1111-1111', 4111111111111111, '{\"a\": 1}',"
                        + " 'mail ann@example.com, card 5555555555554444'), (2, NULL, NULL, NULL, NULL, NULL)",
                "CREATE VIEW cards_seen AS SELECT id, name, upper(card) AS seen, card AS plain FROM customers");
        masks(CARDS, SECRETS, FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "prepareThreshold=-1",
                "prepareThreshold=5"
            })
    void inEveryModeOfTheDriver(String mode) throws SQLException {
        try (Connection connection = gateway.connect(mode);
                PreparedStatement select = connection.prepareStatement(
                        "SELECT id, card, card_int, secret, note FROM customers ORDER BY id")) {
            for (int i = 0; i < 8; i++) {
                try (ResultSet rows = select.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(1);
                    assertThat(rows.getString(2)).isEqualTo("****-****-****-1111");
                    assertThat(rows.getString(3)).isIn("************1111", null);
                    assertThat(rows.getString(4)).isNull();
                    assertThat(rows.getString(5)).isEqualTo("mail [redacted], card [redacted]");
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(2)).isNull();
                }
            }
        }
        assertThat(recorded()).doesNotContain("4111-1111", "ann@example.com", "5555555555554444");
    }

    @Test
    void underAnotherNameToo() {
        assertThat(select("card AS harmless FROM customers")).containsExactly("****-****-****-1111", null);
    }

    @Test
    void andWhatLooksLikeTheColumnInAnExpression() {
        assertThat(select("lower(card) AS card FROM customers")).containsExactly("[redacted]", "[redacted]");
        assertThat(select("substr(card, 1, 8) AS card FROM customers")).containsExactly("[redacted]", "[redacted]");
        assertThat(select("secret::text AS card FROM customers")).containsExactly(null, null);
    }

    @Test
    void ofSeveralMasksTheStrictestHidesAColumn() {
        masks(CARDS, new Mask("numbers", new Selector.Column("**", "*card*"), Way.REDACT));
        assertThat(select("card FROM customers")).containsExactly("[redacted]", null);
        masks(CARDS, new Mask("all", new Selector.Column("public.*", "*"), Way.NULL));
        assertThat(select("card FROM customers")).containsExactly(null, null);
    }

    @Test
    void equalValuesAreHiddenAlikeUnderAKey() throws Exception {
        TARGET.run("INSERT INTO customers (id, card) VALUES (3, '4111-1111-1111-1111'), (4, E'a\\tb\\\\c')");
        masks(keyed("hashed", Way.HASH));
        List<String> hashes = new ArrayList<>(select("card FROM customers ORDER BY id"));
        hashes.removeIf(Objects::isNull);
        assertThat(hashes).allMatch(hash -> hash.matches("[0-9a-f]{32}"));
        assertThat(hashes.get(0)).isEqualTo(hashes.get(1)).isNotEqualTo(hashes.get(2));
        assertThat(copied("COPY customers (card) TO STDOUT"))
                .isEqualTo("%s\n\\N\n%s\n%s\n".formatted(hashes.toArray()));
        assertThat(copied("COPY customers (card) TO STDOUT CSV"))
                .isEqualTo("\"%s\"\n\n\"%s\"\n\"%s\"\n".formatted(hashes.toArray()));
    }

    @Test
    void aTokenHasTheFormOfItsValue() throws Exception {
        masks(keyed("tokens", Way.TOKEN));
        String token = select("card FROM customers ORDER BY id").getFirst();
        assertThat(token).matches("\\d{4}-\\d{4}-\\d{4}-\\d{4}").isNotEqualTo("4111-1111-1111-1111");
        assertThat(select("card_int FROM customers ORDER BY id").getFirst()).matches("\\d{16}");
        assertThat(copied("COPY customers (card) TO STDOUT")).isEqualTo(token + "\n\\N\n");
    }

    @Test
    void whatStandsForAValueIsNotDetectedAgain() throws Exception {
        TARGET.run("DELETE FROM customers WHERE id = 2", "UPDATE customers SET card = 'ann@example.com'");
        masks(keyed("tokens", Way.TOKEN), FOUND);
        String token = select("card FROM customers ORDER BY id").getFirst();
        assertThat(token).matches("[a-z]{3}@[a-z]{7}\\.[a-z]{3}").isNotEqualTo("ann@example.com");
        assertThat(copied("COPY customers (card, note) TO STDOUT"))
                .isEqualTo(token + "\tmail [redacted], card [redacted]\n");
        assertThat(copied("COPY customers (card, note) TO STDOUT CSV"))
                .isEqualTo("\"" + token + "\",\"mail [redacted], card [redacted]\"\n");
    }

    /** Else whoever asks could compare a column with whatever they choose. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"HASH", "TOKEN"})
    void whatSomebodyComputesIsNeverEnciphered(Way way) {
        masks(keyed("keyed", way));
        assertThat(select(
                        "CASE WHEN true THEN '4111-1111-1111-1111' ELSE card END AS card FROM customers WHERE id = 1"))
                .containsExactly("[redacted]");
        assertThat(select("seen FROM cards_seen")).containsExactly("[redacted]", null);
    }

    @Test
    void whereThePolicyAllowsItAMaskedColumnMayBeUsed() {
        masks(new Mask(
                "cards",
                new Selector.Column("public.customers", "card*"),
                Way.KEEP_LAST_4,
                Optional.empty(),
                Mask.Elsewhere.ALLOW));
        assertThat(select("id FROM customers WHERE card LIKE '4%' ORDER BY card"))
                .containsExactly("1");
        assertThat(select("upper(card) FROM customers WHERE id = 1")).containsExactly("[redacted]");
        assertThatThrownBy(() -> select("card::int FROM customers"))
                .hasMessageContaining("[redacted]")
                .hasMessageNotContaining("4111");
        masks(new Mask(
                "found",
                new Selector.Detected(Set.of(Detector.EMAIL)),
                Way.REDACT,
                Optional.empty(),
                Mask.Elsewhere.ALLOW));
        assertThat(select("'x' || name FROM customers WHERE id = 1")).containsExactly("xAnn");
    }

    private static Mask keyed(String name, Way way) {
        Secret key = Secret.of("a key that only this test knows");
        return new Mask(name, new Selector.Column("public.customers", "card*"), way, Optional.of(key));
    }

    @Test
    void aColumnNamedLikeASecretIsHidden() {
        masks(new Mask("secrets", new Selector.Detected(Set.of(Detector.PASSWORD_COLUMN)), Way.REDACT));
        assertThat(select("secret FROM customers WHERE id = 1")).containsExactly("\"[redacted]\"");
        assertThat(select("secret::text AS harmless FROM customers WHERE id = 1"))
                .containsExactly("[redacted]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareThreshold=-1", "preferQueryMode=simple"})
    void anAddressIsFoundInItsOwnTypeToo(String mode) throws SQLException {
        masks(new Mask("addresses", new Selector.Detected(Set.of(Detector.IP_ADDRESS)), Way.REDACT));
        try (Connection connection = gateway.connect(mode);
                ResultSet rows = connection.createStatement().executeQuery("SELECT '192.0.2.1'::inet")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isIn("[redacted]", null);
        }
    }

    @Test
    void aViewsColumnThatMayShowAMaskedOneIsHidden() {
        assertThat(select("seen FROM cards_seen")).containsExactly("[redacted]", null);
        assertThat(select("plain FROM cards_seen")).containsExactly("****-****-****-1111", null);
        assertThat(select("name FROM cards_seen")).containsExactly("Ann", null);
    }

    @Test
    void aTableThatTheCatalogueCannotSeeYetIsHiddenWhole() throws SQLException {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("CREATE TABLE fresh AS SELECT 'x' AS harmless");
            try (ResultSet rows = connection.createStatement().executeQuery("SELECT harmless FROM fresh")) {
                rows.next();
                assertThat(rows.getString(1)).isNull();
            }
            connection.rollback();
        }
    }

    @Test
    void aResultWithNothingToHideIsNotTouched() {
        assertThat(select("id FROM customers ORDER BY id")).containsExactly("1", "2");
        assertThat(select("name FROM customers ORDER BY id")).containsExactly("Ann", null);
    }

    @Test
    void anErrorThatQuotesAValueIsMaskedToo() throws SQLException {
        masks(FOUND);
        try (Connection connection = gateway.connect()) {
            assertThatThrownBy(() -> connection
                            .createStatement()
                            .execute("INSERT INTO customers (id, note) SELECT 3, note FROM customers WHERE id = 1"))
                    .hasMessageContaining("[redacted]")
                    .hasMessageNotContaining("ann@example.com");
        }
    }

    @Test
    void copiedLinesAreScanned() throws Exception {
        masks(FOUND);
        try (Connection connection = gateway.connect()) {
            StringWriter out = new StringWriter();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT id, note FROM customers ORDER BY id) TO STDOUT", out);
            assertThat(out).hasToString("1\tmail [redacted], card [redacted]\n2\t\\N\n");
        }
    }

    @Test
    void aBinaryCopyIsNotShownUnderAMask() throws SQLException {
        masks(FOUND);
        for (String mode : List.of("preferQueryMode=simple")) {
            try (Connection connection = gateway.connect(mode)) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                assertThatThrownBy(() -> connection
                                .unwrap(PGConnection.class)
                                .getCopyAPI()
                                .copyOut("COPY customers TO STDOUT (FORMAT binary)", out))
                        .hasMessageContaining("a binary COPY cannot be shown");
                assertThat(out.size()).isZero();
                assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                        .isTrue();
            }
        }
    }

    @Test
    void aComputedColumnOfWhatIsMaskedIsHidden() {
        assertThat(select("reverse(card) AS harmless FROM customers ORDER BY id"))
                .containsExactly("[redacted]", "[redacted]");
        assertThat(select("c FROM customers c WHERE id = 1")).containsExactly((String) null);
        assertThat(select("card || secret FROM customers WHERE id = 1")).containsExactly((String) null);
        masks(CARDS, FOUND);
        assertThat(select("c FROM customers c WHERE id = 1")).containsExactly("[redacted]");
        assertThat(select("row_to_json(c) FROM customers c WHERE id = 1")).containsExactly("\"[redacted]\"");
        assertThat(select("reverse(seen) FROM cards_seen ORDER BY id")).containsExactly("[redacted]", "[redacted]");
        assertThat(select("x FROM (SELECT id, card || '' AS x FROM customers) s ORDER BY id"))
                .containsExactly("[redacted]", "[redacted]");
    }

    @Test
    void aComputedColumnOfAnythingElseIsNot() {
        assertThat(select("upper(name) FROM customers ORDER BY id")).containsExactly("ANN", null);
        assertThat(select("count(*) FROM customers")).containsExactly("2");
        assertThat(select("* FROM generate_series(1, 2)")).containsExactly("1", "2");
        assertThat(select("upper(item) FROM orders ORDER BY id")).containsExactly("LAMP", "DESK");
        assertThat(select("version() LIKE 'PostgreSQL%'")).containsExactly("t");
    }

    @Test
    void aPlainCopyIsMaskedByPlace() throws Exception {
        TARGET.run("DELETE FROM customers WHERE id = 2");
        assertThat(copied("COPY customers TO STDOUT"))
                .isEqualTo("1\tAnn\t****-****-****-1111\t************1111\t\\N\tmail [redacted], card [redacted]\n");
        assertThat(copied("COPY public.customers (card, id) TO STDOUT")).isEqualTo("****-****-****-1111\t1\n");
        assertThat(copied("copy \"customers\" ( \"card\" , name ) to stdout with (format csv)"))
                .isEqualTo("\"****-****-****-1111\",Ann\n");
        assertThat(copied("COPY customers (id, card) TO STDOUT CSV HEADER"))
                .isEqualTo("id,card\n1,\"****-****-****-1111\"\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY (SELECT card FROM customers) TO STDOUT",
                "COPY (SELECT seen FROM cards_seen) TO STDOUT",
                "COPY customers TO STDOUT (DELIMITER ';')"
            })
    void aCopyWhoseFieldsAreNotKnownIsRefused(String copy) {
        assertThatThrownBy(() -> copied(copy)).hasMessageContaining("this COPY cannot be shown");
    }

    @Test
    void aCopyOfOtherTablesPasses() throws Exception {
        assertThat(copied("COPY (SELECT * FROM orders WHERE id = 7) TO STDOUT")).isEqualTo("7\tlamp\n");
        try (Connection connection = gateway.connect()) {
            assertThat(connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("COPY customers (id, card) FROM STDIN", new StringReader("9\t123\n")))
                    .isEqualTo(1);
        }
    }

    private String copied(String copy) throws Exception {
        try (Connection connection = gateway.connect()) {
            StringWriter out = new StringWriter();
            connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, out);
            return out.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "preferQueryMode=extended"})
    void anAnswerEndsAfterSoManyRows(String mode) throws SQLException {
        gateway.policy.rule = command -> new Verdict.Permit(List.of(new Obligation.LimitRows(10)));
        try (Connection connection = gateway.connect(mode)) {
            for (boolean inTransaction : new boolean[] {false, true}) {
                connection.setAutoCommit(!inTransaction);
                assertThat(count(connection, "SELECT generate_series(1, 10)")).isEqualTo(10);
                assertThatThrownBy(() -> count(connection, "SELECT generate_series(1, 11)"))
                        .hasMessageContaining("the answer has more than 10 rows");
                if (inTransaction) {
                    assertThatThrownBy(() -> count(connection, "SELECT 1"))
                            .hasMessageContaining("current transaction is aborted");
                    connection.rollback();
                }
                assertThat(count(connection, "SELECT 1")).isEqualTo(1);
            }
        }
    }

    private static int count(Connection connection, String sql) throws SQLException {
        int count = 0;
        try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }

    private void masks(Mask... masks) {
        Verdict permit = new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(masks))));
        gateway.policy.rule = command -> permit;
    }

    private List<String> select(String rest) {
        List<String> values = new ArrayList<>();
        try (Connection connection = gateway.connect();
                ResultSet rows = connection.createStatement().executeQuery("SELECT " + rest)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }

    private String recorded() {
        Policy.await(gateway.policy.closings::peek, "the end");
        StringBuilder all = new StringBuilder();
        for (Frame frame : gateway.policy.frames) {
            all.append(new String(frame.bytes(), StandardCharsets.UTF_8));
        }
        return all.toString();
    }
}
