package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A function that clients may call by its number (54.2.5 "Function Call"): one of PostgreSQL's own for large objects (33.3
 * "Client Interfaces", 33.4 "Server-Side Functions"), which libpq calls in no other way. Their numbers are part of PostgreSQL
 * (pg_proc.dat) and never change, and none below 16384 is given to a function of anybody else's (68.2.2 "OID Assignment"). What any
 * other number means only the target knows.
 *
 * @param number    object id
 * @param name      in {@code pg_catalog}
 * @param arguments object ids of their types, as are
 * @param answer    that of what it answers
 */
record NumberedFunction(int number, String name, List<Integer> arguments, int answer) {

    private static final int BYTEA = 17;
    private static final int INT8 = 20;
    private static final int INT4 = 23;
    private static final int TEXT = 25;
    private static final int OID = 26;
    private static final int VOID = 2278;

    private static final Map<Integer, NumberedFunction> ALL = Stream.of(
                    new NumberedFunction(715, "lo_create", List.of(OID), OID),
                    new NumberedFunction(764, "lo_import", List.of(TEXT), OID),
                    new NumberedFunction(765, "lo_export", List.of(OID, TEXT), INT4),
                    new NumberedFunction(767, "lo_import", List.of(TEXT, OID), OID),
                    new NumberedFunction(952, "lo_open", List.of(OID, INT4), INT4),
                    new NumberedFunction(953, "lo_close", List.of(INT4), INT4),
                    new NumberedFunction(954, "loread", List.of(INT4, INT4), BYTEA),
                    new NumberedFunction(955, "lowrite", List.of(INT4, BYTEA), INT4),
                    new NumberedFunction(956, "lo_lseek", List.of(INT4, INT4, INT4), INT4),
                    new NumberedFunction(957, "lo_creat", List.of(INT4), OID),
                    new NumberedFunction(958, "lo_tell", List.of(INT4), INT4),
                    new NumberedFunction(964, "lo_unlink", List.of(OID), INT4),
                    new NumberedFunction(1004, "lo_truncate", List.of(INT4, INT4), INT4),
                    new NumberedFunction(3170, "lo_lseek64", List.of(INT4, INT8, INT4), INT8),
                    new NumberedFunction(3171, "lo_tell64", List.of(INT4), INT8),
                    new NumberedFunction(3172, "lo_truncate64", List.of(INT4, INT8), INT4),
                    new NumberedFunction(3457, "lo_from_bytea", List.of(OID, BYTEA), OID),
                    new NumberedFunction(3458, "lo_get", List.of(OID), BYTEA),
                    new NumberedFunction(3459, "lo_get", List.of(OID, INT8, INT4), BYTEA),
                    new NumberedFunction(3460, "lo_put", List.of(OID, INT8, BYTEA), VOID))
            .collect(Collectors.toUnmodifiableMap(NumberedFunction::number, Function.identity()));

    NumberedFunction {
        arguments = List.copyOf(arguments);
    }

    static Iterable<NumberedFunction> all() {
        return ALL.values();
    }

    /** Empty where only the target can say what the number means. */
    static Optional<NumberedFunction> of(FunctionCall call) {
        return Optional.ofNullable(ALL.get(call.function()));
    }

    /** Why a call of what {@link #of} does not know is refused. */
    static Report unknown(FunctionCall call) {
        return Report.error(
                        "0A000",
                        "function " + Integer.toUnsignedString(call.function())
                                + " is called by its number, and this gateway knows only those of large objects by theirs")
                .hint("Call it by its name, in a SELECT.");
    }

    /** Why a call cannot be carried out, in the server's own words; empty where it has the arguments that it needs. */
    Optional<Report> unfit(FunctionCall call) {
        int given = call.arguments().size();
        return given == arguments.size()
                ? Optional.empty()
                : Optional.of(Report.error(
                        "08P01",
                        "function call message contains " + given + " arguments but function requires "
                                + arguments.size()));
    }

    /** The statement that does the same, and says how it was asked for: rules, approvers and records know calls by it. */
    String text() {
        String values = IntStream.rangeClosed(1, arguments.size())
                .mapToObj(i -> "$" + i)
                .collect(Collectors.joining(", "));
        return "SELECT pg_catalog." + name + "(" + values + ") -- function " + number + ", called by its number";
    }

    List<io.countersign.api.Bind> values(FunctionCall call) {
        return BindValues.read(bind(call), arguments);
    }

    /**
     * The call as that statement would be run.
     *
     * @param length of its message, in bytes
     */
    Portal portal(FunctionCall call, Reading statement, int length) {
        Portal portal = new Portal(bind(call), new Prepared(statement, arguments), length);
        portal.columns = described(call);
        return portal;
    }

    /** What it answers, as that statement's only column. */
    private RowDescription described(FunctionCall call) {
        return new RowDescription(
                List.of(new RowDescription.Field(name, 0, (short) 0, answer, (short) -1, -1, call.resultFormat())));
    }

    private static Bind bind(FunctionCall call) {
        return new Bind("", "", call.formats(), call.arguments(), List.of(call.resultFormat()));
    }

    /** What a call has answered, as people read it. */
    Optional<String> shown(FunctionCall call, byte[] value) {
        Bind answered = new Bind("", "", List.of(call.resultFormat()), List.<byte[]>of(value), List.of());
        return Optional.ofNullable(
                BindValues.read(answered, List.of(answer)).getFirst().text());
    }
}
