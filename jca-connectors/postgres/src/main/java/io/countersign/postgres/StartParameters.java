package io.countersign.postgres;

import io.countersign.api.Connection;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket.Startup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client may declare when it starts (54.2.1): run-time parameters that change how its own session behaves, and
 * nothing that changes who it is or how its bytes are read.
 *
 * @param database the target's name
 * @param settings what is passed on to the target, in the client's own spelling
 * @param signIn   how it wants to be asked for its token, where it says so
 * @param plan     the number of the plan that the session is to run; it is the gateway's own and not passed on
 * @param unknown  protocol options ({@code _pq_.…}) that are answered by NegotiateProtocolVersion
 */
record StartParameters(
        String user,
        String database,
        Map<String, String> settings,
        Optional<ClientSignIn.Way> signIn,
        Optional<String> plan,
        List<String> unknown) {

    /** Among a client's options: how it wants to be asked for its token. The gateway's own, and not passed on. */
    private static final String SIGN_IN = "countersign.sign_in";

    /** In lower case. */
    private static final Set<String> ALLOWED = Set.of(
            "application_name",
            "datestyle",
            "timezone",
            "intervalstyle",
            "extra_float_digits",
            "search_path",
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "transaction_timeout",
            "default_transaction_isolation",
            "default_transaction_read_only",
            "default_transaction_deferrable",
            "geqo",
            "jit",
            "work_mem",
            "bytea_output",
            "xmloption");

    /** In lower case: those of them that change what a command means, and not only how long it may take or how answers look. */
    private static final Set<String> MEANINGFUL = Set.of(
            "datestyle",
            "timezone",
            "intervalstyle",
            "search_path",
            "default_transaction_isolation",
            "default_transaction_read_only",
            "default_transaction_deferrable",
            "xmloption");

    /** A parameter that is not accepted; with the answer for the client. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Report report;

        Refused(Report report) {
            super(report.message(), null, false, false);
            this.report = report;
        }

        Report report() {
            return report;
        }
    }

    static StartParameters read(Startup startup) throws Refused {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        String user = "";
        String database = "";
        for (Map.Entry<String, String> parameter : startup.parameters().entrySet()) {
            String name = parameter.getKey();
            String value = parameter.getValue();
            switch (name) {
                case "user" -> user = value;
                case "database" -> database = value;
                case "options" -> options(value).forEach((option, set) -> settings.put(option, set));
                case "replication" -> refuseReplication(value);
                default -> {
                    if (name.startsWith("_pq_.")) {
                        unknown.add(name);
                    } else {
                        settings.put(name, value);
                    }
                }
            }
        }
        if (user.isEmpty()) {
            throw new Refused(Report.fatal("28000", "no PostgreSQL user name specified in startup packet"));
        }
        Optional<ClientSignIn.Way> signIn = signIn(settings.remove(SIGN_IN));
        Optional<String> plan = plan(settings.remove(Connection.PLAN));
        Map<String, String> allowed = new LinkedHashMap<>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (accepted(setting.getKey(), setting.getValue())) {
                allowed.put(setting.getKey(), setting.getValue());
            }
        }
        return new StartParameters(user, database.isEmpty() ? user : database, allowed, signIn, plan, unknown);
    }

    /** For the record. */
    Map<String, String> described() {
        Map<String, String> described = new LinkedHashMap<>(settings);
        described.put("user", user);
        plan.ifPresent(number -> {
            described.put(Connection.PLAN, number);
            described.put(Connection.SETTINGS, meaningful());
        });
        return described;
    }

    private String meaningful() {
        SortedMap<String, String> set = new TreeMap<>();
        settings.forEach((name, value) -> set.put(name.toLowerCase(Locale.ROOT), value));
        set.keySet().retainAll(MEANINGFUL);
        return set.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /** @return false for what is accepted without being passed on */
    private static boolean accepted(String name, String value) throws Refused {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("client_encoding")) {
            encoding(value);
            return false;
        }
        if (lower.equals("standard_conforming_strings")) {
            if (!Set.of("on", "true", "yes", "1").contains(value.toLowerCase(Locale.ROOT))) {
                throw new Refused(Report.fatal("22023", "standard_conforming_strings must stay on behind this gateway")
                        .hint("Leave the parameter out."));
            }
            return false;
        }
        if (!ALLOWED.contains(lower)) {
            throw new Refused(
                    Report.fatal("0A000", "start-up parameter \"" + name + "\" is not accepted by this gateway")
                            .hint("Leave it out, or set it by a SET command, which is judged like any other."));
        }
        return true;
    }

    private static Optional<ClientSignIn.Way> signIn(@Nullable String word) throws Refused {
        try {
            return Optional.ofNullable(word).map(ClientSignIn.Way::parse);
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    Report.fatal("22023", SIGN_IN + " " + e.getMessage()).hint("Leave it out, or correct it."));
        }
    }

    /** The gateway reads statements as UTF-8 and pins it. SQL_ASCII says no more than "bytes", as psql does in locale C. */
    private static void encoding(String value) throws Refused {
        String bare = value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (!Set.of("utf8", "unicode", "sqlascii").contains(bare)) {
            throw new Refused(Report.fatal("22023", "client_encoding \"" + value + "\" is not accepted by this gateway")
                    .hint("Use UTF8, for example with PGCLIENTENCODING=UTF8."));
        }
    }

    private static Optional<String> plan(@Nullable String number) throws Refused {
        if (number != null && !number.matches("\\d{1,18}")) {
            throw new Refused(Report.fatal("22023", Connection.PLAN + " is no number of a plan")
                    .hint("Give it as PGOPTIONS='-c " + Connection.PLAN + "=7'."));
        }
        return Optional.ofNullable(number);
    }

    private static void refuseReplication(String value) throws Refused {
        if (!Set.of("false", "off", "no", "0").contains(value.toLowerCase(Locale.ROOT))) {
            throw new Refused(Report.fatal("0A000", "replication connections are not supported by this gateway")
                    .hint("Connect to the server itself for replication."));
        }
    }

    /** Command-line options: {@code -c name=value} and {@code --name=value}, blanks escaped by a backslash. */
    private static Map<String, String> options(String line) throws Refused {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> words = words(line);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String assignment;
            if (word.equals("-c") && i + 1 < words.size()) {
                assignment = words.get(++i);
            } else if (word.startsWith("-c") && word.length() > 2) {
                assignment = word.substring(2);
            } else if (word.startsWith("--")) {
                assignment = word.substring(2);
            } else {
                assignment = "";
            }
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new Refused(
                        Report.fatal("0A000", "start-up option \"" + word + "\" is not accepted by this gateway")
                                .hint("Only -c name=value and --name=value are."));
            }
            options.put(assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
        }
        return options;
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Character.isWhitespace(c)) {
                if (inside) {
                    words.add(word.toString());
                    word.setLength(0);
                    inside = false;
                }
            } else {
                inside = true;
                word.append(c == '\\' && i + 1 < line.length() ? line.charAt(++i) : c);
            }
        }
        if (inside) {
            words.add(word.toString());
        }
        return words;
    }
}
