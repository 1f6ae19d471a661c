package io.countersign.policy;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.countersign.api.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A rule's {@code when}: an expression in the Common Expression Language, compiled and type-checked at load.
 *
 * <p>Its variables are those of {@link #VARIABLES}; a name that is not there does not compile. Macros that loop and
 * regular expressions are limited, so that an expression always ends soon.
 */
final class Condition {

    private static final CelType TEXTS = ListType.create(SimpleType.STRING);

    /** What an expression may ask of one link of the delegation chain. */
    private static final Map<String, CelType> OF_A_LINK = Map.of(
            "name", SimpleType.STRING,
            "subject", SimpleType.STRING,
            "issuer", SimpleType.STRING,
            "kind", SimpleType.STRING,
            "groups", TEXTS);

    private static final StructType LINK = StructType.create(
            "Link", ImmutableSet.copyOf(OF_A_LINK.keySet()), field -> Optional.ofNullable(OF_A_LINK.get(field)));

    /** What an expression may speak of. Times are of the gateway's clock, in UTC. */
    static final Map<String, CelType> VARIABLES = Map.ofEntries(
            Map.entry("requester", LINK),
            Map.entry("origin", LINK),
            Map.entry("actor", LINK),
            Map.entry("chain.links", ListType.create(LINK)),
            Map.entry("chain.depth", SimpleType.INT),
            Map.entry("chain.subjects", TEXTS),
            Map.entry("target", SimpleType.STRING),
            Map.entry("command.text", SimpleType.STRING),
            Map.entry("command.kinds", TEXTS),
            Map.entry("command.binds", TEXTS),
            Map.entry("effect.action", SimpleType.STRING),
            Map.entry("effect.kind", SimpleType.STRING),
            Map.entry("effect.name", SimpleType.STRING),
            Map.entry("effect.path", TEXTS),
            Map.entry("effect.flags", TEXTS),
            Map.entry("session.state", MapType.create(SimpleType.STRING, SimpleType.STRING)),
            Map.entry("session.client", SimpleType.STRING),
            Map.entry("now.hour", SimpleType.INT),
            Map.entry("now.weekday", SimpleType.INT));

    /** An expression that mentions one of these, even in a string, is evaluated anew for each command. */
    private static final Pattern CHANGES_BY_COMMAND = Pattern.compile("\\b(binds|now|client)\\b");

    /** One that does not mention this, even in a string, does not depend on the text. */
    private static final Pattern OF_THE_TEXT = Pattern.compile("\\btext\\b");

    private static final CelOptions LIMITS = CelOptions.current()
            .comprehensionMaxIterations(1_000)
            .maxExpressionCodePointSize(4_096)
            .maxRegexProgramSize(1_000)
            .build();

    private static final CelCompiler COMPILER = compiler();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(LIMITS).build();

    private final CelRuntime.Program program;
    private final boolean cacheable;
    private final boolean ofTheText;
    private final String text;

    private Condition(String text, CelRuntime.Program program, boolean cacheable) {
        this.text = text.strip();
        this.program = program;
        this.cacheable = cacheable;
        this.ofTheText = OF_THE_TEXT.matcher(text).find();
    }

    /** An expression that does not compile. */
    record Fault(int line, int column, String message) {}

    /** The compiled expression, or its faults (lines and columns from 1, within the expression). */
    sealed interface Compiled {
        record Good(Condition condition) implements Compiled {}

        record Bad(List<Fault> faults) implements Compiled {}
    }

    static Compiled compile(String expression) {
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(expression).getAst();
            return new Compiled.Good(new Condition(
                    expression,
                    RUNTIME.createProgram(tree),
                    !CHANGES_BY_COMMAND.matcher(expression).find()));
        } catch (CelValidationException e) {
            return new Compiled.Bad(e.getErrors().stream()
                    .map(error -> new Fault(
                            Math.max(
                                    error.getSourceLocation().getLine(),
                                    1), // An expression that is too long has no place.
                            Math.max(error.getSourceLocation().getColumn() + 1, 1),
                            error.getMessage()))
                    .toList());
        } catch (CelEvaluationException e) {
            return new Compiled.Bad(List.of(new Fault(1, 1, String.valueOf(e.getMessage()))));
        }
    }

    /** As it is written. */
    String text() {
        return text;
    }

    /** Whether equal identity, target, text and session state always give the same answer. */
    boolean cacheable() {
        return cacheable;
    }

    /** Whether commands that differ in nothing but their text may get different answers. */
    boolean ofTheText() {
        return ofTheText;
    }

    /** @throws CelEvaluationException where the expression fails on these values; the rule then refuses */
    boolean holds(Facts facts, Effect effect) throws CelEvaluationException {
        return program.eval(name -> facts.find(name, effect)) instanceof Boolean answer && answer;
    }

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(LIMITS)
                .setStandardMacros(dev.cel.parser.CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL)
                .setTypeProvider(new Types());
        VARIABLES.forEach(builder::addVar);
        return builder.build();
    }

    /** Knows the one type that is the product's own. */
    private static final class Types implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of(LINK);
        }

        @Override
        public Optional<CelType> findType(String name) {
            return name.equals(LINK.name()) ? Optional.of(LINK) : Optional.empty();
        }
    }
}
