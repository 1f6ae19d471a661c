package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Resource;
import io.countersign.api.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DBeaver's and pgAdmin's own questions, at connect and when somebody browses: what they do, and that they are answered. */
class AdministratorsToolsWorkUnchangedTest extends GatewayTest {

    /** As the demo's policy has them for support. */
    private static final Verdict PERMIT = new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(
            new Mask("card-columns", new Selector.Column("*.customers", "card*"), Way.KEEP_LAST_4),
            new Mask("cards-anywhere", new Selector.Detected(Set.of(Detector.PAYMENT_CARD)), Way.KEEP_LAST_4),
            new Mask("e-mail-anywhere", new Selector.Detected(Set.of(Detector.EMAIL)), Way.REDACT)))));

    private static final Set<String> SETTINGS =
            Set.of("application_name", "bytea_output", "client_encoding", "client_min_messages", "datestyle");

    @AfterEach
    void dropWhatWasBrowsed() {
        TARGET.run("DROP TABLE browsed");
    }

    @Test
    void dBeaverIsAnsweredAsByTheServerItself() throws SQLException {
        compare(Question.of("dbeaver"), true);
    }

    @Test
    void pgAdminIsAnsweredAsByTheServerItself() throws SQLException {
        compare(Question.of("pgadmin"), false);
    }

    private void compare(List<Question> questions, boolean binds) throws SQLException {
        TARGET.run(
                "DROP TABLE IF EXISTS browsed",
                "CREATE TABLE browsed (id int PRIMARY KEY, name text DEFAULT 'nobody', card text UNIQUE)",
                "COMMENT ON COLUMN browsed.card IS 'as printed'");
        Map<String, String> values = Map.of(
                "database", TARGET.ask("SELECT oid FROM pg_database WHERE datname = 'shop'"),
                "database name", "shop",
                "role name", "PUBLIC",
                "schema", TARGET.ask("SELECT 'public'::regnamespace::oid"),
                "schema name", "public",
                "setting name", "search_path",
                "table", TARGET.ask("SELECT 'browsed'::regclass::oid"),
                "table name", "browsed",
                "type", "16");
        gateway.policy.rule = command -> PERMIT;
        assertThat(questions).hasSizeGreaterThan(15);
        try (Connection through = gateway.connect(binds ? "preferQueryMode=extended" : "preferQueryMode=simple");
                Connection past = TARGET.direct()) {
            for (Question question : questions) {
                gateway.policy.judged.clear();
                List<List<String>> seen = answers(through, question, values, binds);
                assertThat(seen).as(question.toString()).isEqualTo(answers(past, question, values, binds));
                assertThat(gateway.policy.judged)
                        .as(question.toString())
                        .isNotEmpty()
                        .allSatisfy(command -> onlyLooks(command.content()));
            }
        }
    }

    private static void onlyLooks(Content content) {
        for (Effect effect : content.effects()) {
            List<String> path = effect.resource().path();
            switch (effect.action()) {
                case "sql:select" ->
                    assertThat(nothing(effect.resource()) || catalogue(content, path))
                            .as("%s", effect)
                            .isTrue();
                case "sql:set" -> assertThat(SETTINGS).containsAll(path);
                case "sql:call" -> assertThat(path.getLast()).isEqualTo("set_config");
                default -> assertThat(effect.action()).isEqualTo("sql:show");
            }
        }
    }

    private static boolean nothing(Resource resource) {
        return resource.kind().equals("nothing");
    }

    /** Without a schema a name may also be found behind the catalogue's, as far as the gateway can tell. */
    private static boolean catalogue(Content content, List<String> path) {
        return Set.of("pg_catalog", "information_schema").contains(path.getFirst())
                || content.effects().stream()
                        .anyMatch(effect -> effect.resource().path().equals(List.of("pg_catalog", path.getLast())));
    }

    /** Every row of every result, and the columns' names. */
    private static List<List<String>> answers(
            Connection connection, Question question, Map<String, String> values, boolean binds) throws SQLException {
        if (!binds) {
            try (Statement statement = connection.createStatement()) {
                return read(statement, statement.execute(question.filled(values)));
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(question.bound())) {
            int at = 1;
            for (String gap : question.gaps()) {
                if (gap.endsWith("name")) {
                    statement.setString(at++, values.get(gap));
                } else {
                    statement.setLong(at++, Long.parseLong(values.get(gap)));
                }
            }
            return read(statement, statement.execute());
        }
    }

    private static List<List<String>> read(Statement statement, boolean rows) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        boolean more = rows;
        while (more || statement.getUpdateCount() >= 0) {
            if (more) {
                ResultSet result = statement.getResultSet();
                int columns = result.getMetaData().getColumnCount();
                List<String> names = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    names.add(result.getMetaData().getColumnLabel(i));
                }
                all.add(names);
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(String.valueOf(result.getString(i)));
                    }
                    all.add(row);
                }
            }
            more = statement.getMoreResults();
        }
        return all;
    }
}
