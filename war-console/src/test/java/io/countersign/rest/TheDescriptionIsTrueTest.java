package io.countersign.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Answer;
import io.countersign.api.Insight;
import io.countersign.api.Secret;
import io.countersign.approval.State;
import io.countersign.approval.boundary.RequestView;
import io.countersign.ledger.boundary.RecordView;
import io.countersign.plan.PlanState;
import io.countersign.revision.ProposalState;
import io.countersign.ticket.ConnectionHint;
import io.countersign.ticket.boundary.TicketResult;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** openapi.yaml is written by hand: here it is held to what the resources take and what their answers contain. */
class TheDescriptionIsTrueTest {

    private static final List<Class<?>> RESOURCES = List.of(
            RequestsResource.class,
            GrantsResource.class,
            BreakGlassResource.class,
            TicketsResource.class,
            PlansResource.class,
            SessionsResource.class,
            RecordsResource.class,
            PolicyResource.class,
            ProposalsResource.class,
            MeResource.class,
            HealthResource.class,
            MetricsResource.class,
            OpenApiResource.class);

    private final JsonObject description = new OpenApiResource().json();

    @Test
    void itNamesEveryResourceAndNoOther() {
        Set<String> described = new TreeSet<>();
        description
                .getJsonObject("paths")
                .forEach((path, item) -> item.asJsonObject().keySet().stream()
                        .filter(key -> !key.equals("parameters"))
                        .forEach(method -> described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));

        Set<String> served = RESOURCES.stream()
                .flatMap(resource -> methods(resource).map(method -> verb(method) + " " + path(resource, method)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described).isEqualTo(served);
    }

    @Test
    void everyMethodSaysWhoMayCallIt() {
        for (Class<?> resource : RESOURCES) {
            methods(resource)
                    .forEach(method -> assertThat(Stream.of(method, resource)
                                    .anyMatch(place -> place.isAnnotationPresent(PermitAll.class)
                                            || place.isAnnotationPresent(RolesAllowed.class)))
                            .as(method.toString())
                            .isTrue());
        }
    }

    @Test
    void requestsHaveTheMembersThatItSays() {
        matches(Documents.detailed(Samples.request(State.APPROVED), List.of(new Insight.NoPlan("no"))), "Request");
        assertThat(Documents.request(Samples.request(State.PENDING))).doesNotContainKey("ended");
    }

    @Test
    void whatIsInsideOfThemToo() {
        JsonObject request = Documents.request(Samples.request(State.APPROVED));
        matches(first(request, "requester"), "Identity");
        matches(first(request, "binds"), "Bind");
        matches(first(request, "reasons"), "Reason");
        matches(first(request, "terms"), "Term");
        matches(first(first(request, "terms"), "stages"), "Stage");
        matches(first(request, "eligible"), "Identity");
        matches(first(request, "votes"), "Vote");
        matches(first(request, "excluded"), "Excluded");
    }

    @Test
    void whatTheTargetSaysStandsInThemOnlyForThoseWhoMayKnow() {
        RequestView view = Samples.request(State.PENDING);
        assertThat(Documents.request(view)).doesNotContainKey("insights");
        matches(insight(view, new Insight.Plan(List.of("Delete on orders"), 0, OptionalLong.of(2))), "Estimate");
        matches(insight(view, new Insight.Locks(List.of("a lock"))), "Locks");
        matches(insight(view, new Insight.NoPlan("no")), "Unknown");
        matches(insight(view, new Insight.NoLocks("no")), "Unknown");
    }

    private static JsonObject insight(RequestView view, Insight insight) {
        return first(Documents.detailed(view, List.of(insight)), "insights");
    }

    @Test
    void sessionsAndCommandsToo() {
        matches(Documents.session(Samples.session()), "Session");
        JsonObject command = Documents.command(Samples.command());
        matches(command, "Command");
        matches(command.getJsonObject("request"), "RequestOutcome");
        matches(command.getJsonObject("outcome"), "Outcome");
    }

    @Test
    void proposalsToo() {
        JsonObject proposal = Documents.proposal(Samples.proposal());
        matches(proposal, "Proposal");
        matches(first(proposal, "changes"), "Change");
        matches(first(proposal, "votes"), "Vote");
        assertThat(Stream.of(ProposalState.values()).map(Documents::word))
                .containsExactlyElementsOf(strings(schema("ProposalState").getJsonArray("enum")));
    }

    @Test
    void grantsToo() {
        matches(Documents.grant(Samples.grant()), "Grant");
    }

    @Test
    void ticketsTooAndOnlyANewOneHasItsSecret() {
        matches(TicketDocument.of(Samples.ticket()), "Ticket");
        JsonObject issued = TicketDocument.issued(new TicketResult.Issued(
                Samples.ticket(), Secret.of("cst_x"), new ConnectionHint("db", 5432, "shop", "alice", true)));
        matches(issued, "IssuedTicket");
        matches(issued.getJsonObject("connect"), "ConnectionHint");
    }

    @Test
    void plansToo() {
        JsonObject plan = PlanDocument.of(Samples.plan());
        matches(plan, "Plan");
        matches(first(plan, "steps"), "Step");
        assertThat(Stream.of(PlanState.values()).map(Documents::word))
                .containsExactlyElementsOf(strings(schema("Plan")
                        .getJsonObject("properties")
                        .getJsonObject("state")
                        .getJsonArray("enum")));
    }

    @Test
    void recordsToo() {
        matches(Documents.entry(new RecordView(0, Samples.NOON, "vote", "{\"type\":\"vote\"}")), "Entry");
    }

    @Test
    void everyKindOfAnswerToo() {
        Duration at = Duration.ofMillis(5);
        Set<String> members = Stream.of(
                        new Answer.Asked(at, 1, "SELECT 1"),
                        new Answer.Columns(at, 1, List.of("a")),
                        new Answer.Row(at, 1, List.of("1")),
                        new Answer.Notice(at, 1, "held"),
                        new Answer.Failed(at, 1, "42501", "no"),
                        new Answer.Done(at, 1, "SELECT 1"),
                        new Answer.Data(at, 1, "1\t2"))
                .map(Documents::answer)
                .flatMap(answer -> answer.keySet().stream())
                .collect(Collectors.toSet());
        assertThat(members)
                .isEqualTo(schema("Answer").getJsonObject("properties").keySet());
    }

    @Test
    void problemsToo() {
        matches(Problem.unprocessable("Say why.").because(List.of("one")).json(), "Problem");
    }

    @Test
    void statesAreSpelledAlike() {
        List<String> described = strings(schema("State").getJsonArray("enum"));
        assertThat(Stream.of(State.values()).map(Documents::word)).containsExactlyElementsOf(described);
    }

    /** A sample with every member filled has exactly the members described, and those required at least. */
    private void matches(JsonObject sample, String schema) {
        JsonObject described = schema(schema);
        assertThat(sample.keySet())
                .as(schema)
                .isEqualTo(described.getJsonObject("properties").keySet());
        assertThat(sample.keySet()).as(schema).containsAll(strings(described.getJsonArray("required")));
    }

    private JsonObject schema(String name) {
        return description.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
    }

    private static JsonObject first(JsonObject json, String member) {
        return json.getJsonArray(member).getJsonObject(0);
    }

    private static List<String> strings(JsonArray array) {
        return array.getValuesAs(JsonString::getString);
    }

    private static Stream<Method> methods(Class<?> resource) {
        return Stream.of(resource.getDeclaredMethods())
                .filter(method -> !verb(method).isEmpty());
    }

    private static String verb(Method method) {
        return Stream.of(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value())
                .findFirst()
                .orElse("");
    }

    private static String path(Class<?> resource, Method method) {
        Path below = method.getAnnotation(Path.class);
        String path = "/" + resource.getAnnotation(Path.class).value() + (below == null ? "" : "/" + below.value());
        return path.replaceAll(":\\s*[^/]+(?<=\\d)\\}+(?=/|$)", "}").replaceAll("\\{(\\w+):.*?\\}\\}", "{$1}");
    }
}
