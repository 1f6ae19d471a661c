package io.countersign.console.sql;

import io.countersign.console.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a statement into runs to be coloured, by PostgreSQL's lexical rules (manual §4.1). It decides nothing: what a
 * statement does, PostgreSQL's own parser has said. Joined, the runs give back every character, but for those that nobody
 * can see ({@link Hidden}), which are shown by their code points.
 */
public final class Highlighter {

    /** Characters beyond this are shown, but without colours. */
    static final int LONGEST = 100_000;

    private static final Set<String> KEYWORDS = Set.of(
            ("all alter analyze and any as asc begin between by call cascade case cast check cluster column comment commit "
                            + "constraint copy create cross current_date current_timestamp current_user database declare "
                            + "default delete desc distinct do drop else end except execute exists explain false fetch "
                            + "filter first for foreign from full function grant group having if ilike in index inner "
                            + "insert intersect into is join key lateral leading left like limit lock materialized merge "
                            + "natural not nothing null offset on only or order outer over partition prepare primary "
                            + "procedure references refresh reindex release reset returning revoke right role rollback row "
                            + "rows savepoint schema security select sequence set show similar some start table tablesample "
                            + "temporary then to transaction trigger true truncate union unique update user using vacuum "
                            + "values view when where window with")
                    .split(" "));

    /** What stands at a position; the first that matches is it. Possessive, so that no input is slow. */
    private static final Pattern FORM = Pattern.compile(
            "(?<dollar>\\$(?<tag>(?:[A-Za-z_\\x{80}-\\x{10ffff}][A-Za-z0-9_\\x{80}-\\x{10ffff}]*+)?)\\$)"
                    + "|(?<escaped>[eE]'(?:[^'\\\\]|\\\\.|'')*+'?+)"
                    + "|(?<text>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*+'?+)"
                    + "|(?<quoted>(?:[uU]&)?\"(?:[^\"]|\"\")*+\"?+)"
                    + "|(?<line>--[^\\r\\n]*+)"
                    + "|(?<block>/\\*)"
                    + "|(?<parameter>\\$[0-9]++)"
                    + "|(?<number>(?:[0-9][0-9_]*+(?:\\.[0-9_]*+)?+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)"
                    + "|(?<word>[A-Za-z_\\x{80}-\\x{10ffff}][A-Za-z0-9_$\\x{80}-\\x{10ffff}]*+)"
                    + "|(?<other>\\s++|.)",
            Pattern.DOTALL);

    private Highlighter() {}

    public static List<Token> highlight(String statement) {
        String coloured = statement.length() <= LONGEST ? statement : statement.substring(0, LONGEST);
        List<Token> tokens = new ArrayList<>();
        Matcher form = FORM.matcher(coloured);
        int at = 0;
        while (at < coloured.length() && form.find(at)) {
            int end = form.end();
            if (form.group("dollar") != null) {
                end = endOfDollarQuote(coloured, form.group("dollar"), end);
            } else if (form.group("block") != null) {
                end = endOfBlockComment(coloured, end);
            }
            add(tokens, kind(form), coloured.substring(at, end));
            at = end;
        }
        add(tokens, Kind.PLAIN, statement.substring(at));
        return List.copyOf(tokens);
    }

    private static Kind kind(Matcher form) {
        if (form.group("dollar") != null || form.group("escaped") != null || form.group("text") != null) {
            return Kind.TEXT;
        }
        if (form.group("quoted") != null) {
            return Kind.QUOTED_NAME;
        }
        if (form.group("line") != null || form.group("block") != null) {
            return Kind.COMMENT;
        }
        if (form.group("parameter") != null) {
            return Kind.PARAMETER;
        }
        if (form.group("number") != null) {
            return Kind.NUMBER;
        }
        String word = form.group("word");
        return word != null && KEYWORDS.contains(word.toLowerCase(Locale.ROOT)) ? Kind.KEYWORD : Kind.PLAIN;
    }

    /** §4.1.2.4: up to the same tag again. */
    private static int endOfDollarQuote(String sql, String tag, int from) {
        int end = sql.indexOf(tag, from);
        return end < 0 ? sql.length() : end + tag.length();
    }

    /** §4.1.5: block comments nest. */
    private static int endOfBlockComment(String sql, int from) {
        int depth = 1;
        int at = from;
        while (at < sql.length() && depth > 0) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        }
        return at;
    }

    /** Joins neighbours that look alike, and shows what hides. */
    private static void add(List<Token> tokens, Kind kind, String text) {
        Matcher hidden = Hidden.CHARACTER.matcher(text);
        int at = 0;
        while (hidden.find()) {
            append(tokens, kind, text.substring(at, hidden.start()));
            append(tokens, Kind.HIDDEN, Hidden.name(hidden.group()));
            at = hidden.end();
        }
        append(tokens, kind, text.substring(at));
    }

    private static void append(List<Token> tokens, Kind kind, String text) {
        if (text.isEmpty()) {
            return;
        }
        boolean alike = !tokens.isEmpty() && tokens.getLast().kind() == kind && kind != Kind.HIDDEN;
        if (alike) {
            tokens.add(new Token(kind, tokens.removeLast().text() + text));
        } else {
            tokens.add(new Token(kind, text));
        }
    }
}
