package io.countersign.console.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.console.sql.Token.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's manual, §4.1, as far as an approver's eye needs it. */
class AStatementHidesNothingTest {

    @Test
    void itsPartsAreToldApart() {
        assertThat(Highlighter.highlight("DELETE FROM \"Orders\" WHERE id = $1 AND n > 1.5e3 -- bye"))
                .containsExactly(
                        new Token(Kind.KEYWORD, "DELETE"),
                        new Token(Kind.PLAIN, " "),
                        new Token(Kind.KEYWORD, "FROM"),
                        new Token(Kind.PLAIN, " "),
                        new Token(Kind.QUOTED_NAME, "\"Orders\""),
                        new Token(Kind.PLAIN, " "),
                        new Token(Kind.KEYWORD, "WHERE"),
                        new Token(Kind.PLAIN, " id = "),
                        new Token(Kind.PARAMETER, "$1"),
                        new Token(Kind.PLAIN, " "),
                        new Token(Kind.KEYWORD, "AND"),
                        new Token(Kind.PLAIN, " n > "),
                        new Token(Kind.NUMBER, "1.5e3"),
                        new Token(Kind.PLAIN, " "),
                        new Token(Kind.COMMENT, "-- bye"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'it''s; DROP TABLE t'",
                "E'a\\'b -- no comment'",
                "$$ DELETE FROM t; $$",
                "$tag$ $$ nested $$ $tag$",
                "U&'\\0061'",
                "X'1F'",
                "'never closed",
                "$$ never closed"
            })
    void aTextIsOneThing(String text) {
        assertThat(Highlighter.highlight(text)).containsExactly(new Token(Kind.TEXT, text));
    }

    @Test
    void commentsNestAsInPostgres() {
        assertThat(Highlighter.highlight("/* a /* b */ c */ SELECT"))
                .startsWith(new Token(Kind.COMMENT, "/* a /* b */ c */"))
                .endsWith(new Token(Kind.KEYWORD, "SELECT"));
    }

    @Test
    void whatNobodyCanSeeIsShown() {
        List<Token> tokens = Highlighter.highlight("SELECT 'a\u202Eb\u200B'\u0000");
        assertThat(tokens)
                .contains(
                        new Token(Kind.HIDDEN, "U+202E"),
                        new Token(Kind.HIDDEN, "U+200B"),
                        new Token(Kind.HIDDEN, "U+0000"));
        assertThat(Hidden.shown("a\u202Eb")).isEqualTo("a⟨U+202E⟩b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SELECT\n\t1;\r\n",
                "SELECT 'ä', \"ö\", ünïcode, 'a''b' || E'\\n' FROM t WHERE a <> ALL (ARRAY[1,2]) AND b ~ '^x$'",
                "a$1b$c$ 1.2.3 .5 5. 0x1F /* open",
                "emoji 😀 'and 😀 in text' $é$ text $é$"
            })
    void joinedItIsTheStatement(String statement) {
        assertThat(Highlighter.highlight(statement).stream().map(Token::text).collect(Collectors.joining()))
                .isEqualTo(statement);
    }

    @Test
    void aVeryLongOneIsShownToItsEndAndSoon() {
        String statement = "INSERT INTO t VALUES " + "('x'), ".repeat(100_000) + "('\u202Eend')";
        Assertions.assertThat(statement).hasSizeGreaterThan(Highlighter.LONGEST);
        List<Token> tokens = org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> Highlighter.highlight(statement));
        assertThat(tokens).contains(new Token(Kind.HIDDEN, "U+202E"));
        assertThat(tokens.getLast().text()).isEqualTo("end')");
    }
}
