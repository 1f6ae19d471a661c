package io.countersign.automatic;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.group;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.staged;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.countersign.api.DelegationChain;
import io.countersign.api.SessionId;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.approval.Circumstances;
import io.countersign.approval.Docket;
import io.countersign.approval.Held;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.identity.People;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By HTTP, of a server that answers as OPA's documentation of its data API says. */
@Timeout(60)
class AnAutomaticApproverIsAskedTest {

    private static final Stage PEERS = Stage.of(1, List.of(group("approvers")));

    private final TestStore store = new TestStore();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final OpaClient opa = new OpaClient();
    private final BlockingQueue<Standing> after = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonReader> questions = new LinkedBlockingQueue<>();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final CountDownLatch end = new CountDownLatch(1);
    private TestLedger ledger;
    private Docket docket;
    private Inquiry inquiry;
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        docket = new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN);
        inquiry = new Inquiry(
                opa,
                this::standing,
                request -> new Circumstances(People.UNKNOWN, Instant.now(), 0),
                this::count,
                executor);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.start();
    }

    @AfterEach
    void close() throws Exception {
        end.countDown();
        opa.close();
        server.stop(0);
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.close();
        store.close();
    }

    private Optional<Standing> standing(long id) {
        return store.transaction(
                em -> Optional.ofNullable(em.find(ApprovalRequest.class, id)).map(ApprovalRequest::standing));
    }

    private void count(long request, Stage.Automatic approver, Choice choice, String reason) {
        if (lost.getAndSet(false)) {
            throw new IllegalStateException("the store is away");
        }
        docket.answer(request, approver, choice, reason).join();
        after.add(standing(request).orElseThrow());
    }

    private Stage.Automatic approver(String path, Duration timeout, HttpHandler handler) {
        server.createContext(path, handler);
        return new Stage.Automatic(
                "freeze", URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), timeout);
    }

    private Stage.Automatic says(String answer) {
        return approver("/v1/data/freeze", Duration.ofSeconds(20), exchange -> {
            questions.add(JsonReader.of(exchange.getRequestBody().readAllBytes()));
            answer(exchange, answer);
        });
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private long held(Stage... stages) throws Exception {
        var command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        return docket.hold(
                        Held.of(command, hold(staged(stages)), List.of()),
                        Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}),
                        id -> {})
                .get()
                .id();
    }

    private Standing asked(Stage... stages) throws Exception {
        inquiry.look(held(stages));
        return after.take();
    }

    private static Ballot only(Standing standing) {
        assertThat(standing.votes()).hasSize(1);
        return standing.votes().getFirst();
    }

    @Test
    void whatIsHeldAndWhoAsks() throws Exception {
        asked(says("{\"result\": true}"), PEERS);
        JsonReader question = questions.take().object("input");
        assertThat(question.text("statement")).isEqualTo("DELETE FROM orders WHERE id = 7");
        assertThat(question.text("target")).isEqualTo("shop");
        assertThat(question.texts("effects")).containsExactly("sql:delete on table public.orders");
        assertThat(question.objects("chain", JsonReader::identity)).containsExactly(ALICE);
        assertThat(question.map("state")).containsEntry("role", "app");
    }

    @Test
    void andItsYesOpensTheNextStage() throws Exception {
        Standing answered = asked(says("{\"result\": {\"allow\": true, \"reason\": \"no freeze\"}}"), PEERS);
        assertThat(answered.state()).isEqualTo(State.PENDING);
        assertThat(only(answered).comment()).isEqualTo("no freeze");
        docket.vote(answered.id(), DelegationChain.of(BOB), Choice.APPROVE, "").get();
        assertThat(standing(answered.id()).orElseThrow().state()).isEqualTo(State.APPROVED);
    }

    @Test
    void andItsNoEndsTheRequest() throws Exception {
        Standing answered =
                asked(says("{\"result\": {\"allow\": false, \"reason\": \"a freeze until Monday\"}}"), PEERS);
        assertThat(answered.state()).isEqualTo(State.REJECTED);
        assertThat(only(answered).comment()).isEqualTo("a freeze until Monday");
    }

    @Test
    void onceItsStageIsOpenAndNotBefore() throws Exception {
        long request = held(PEERS, says("{\"result\": true}"));
        inquiry.look(request);
        docket.vote(request, DelegationChain.of(BOB), Choice.APPROVE, "").get();
        inquiry.look(request);
        assertThat(after.take().state()).isEqualTo(State.APPROVED);
        assertThat(questions).hasSize(1);
    }

    @Test
    void whatIsUndefinedIsNo() throws Exception {
        Standing answered = asked(says("{}"), PEERS);
        assertThat(answered.state()).isEqualTo(State.REJECTED);
        assertThat(only(answered).comment()).contains("leaves undefined what it is asked for");
    }

    @Test
    void whatIsNotThereIsNo() throws Exception {
        Stage.Automatic gone = says("{\"result\": true}");
        server.stop(0);
        assertThat(only(asked(gone, PEERS)).comment()).startsWith("It could not be asked");
    }

    @Test
    void whatTakesTooLongIsNo() throws Exception {
        Stage.Automatic slow = approver("/slow", Duration.ofMillis(200), exchange -> hang());
        Standing answered = asked(slow, PEERS);
        assertThat(answered.state()).isEqualTo(State.REJECTED);
        assertThat(only(answered).comment()).startsWith("It did not answer within");
    }

    @Test
    void soIsAnAnswerThatBeginsAndDoesNotEnd() throws Exception {
        Stage.Automatic dripping = approver("/drip", Duration.ofMillis(300), exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"result\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            hang();
        });
        assertThat(only(asked(dripping, PEERS)).comment()).startsWith("It did not answer within");
    }

    @Test
    void soIsOneWithoutAnEnd() throws Exception {
        Stage.Automatic endless = approver("/endless", Duration.ofSeconds(20), exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                byte[] spaces = " ".repeat(8_192).getBytes(StandardCharsets.UTF_8);
                while (end.getCount() > 0) {
                    body.write(spaces);
                }
            }
        });
        assertThat(only(asked(endless, PEERS)).comment()).startsWith("Its answer has more than 65536 bytes");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        says("{\"result\": true}");
        Stage.Automatic elsewhere = approver("/moved", Duration.ofSeconds(20), exchange -> {
            exchange.getResponseHeaders().set("Location", "/v1/data/freeze");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertThat(only(asked(elsewhere, PEERS)).comment()).startsWith("It answered with HTTP status 302");
        assertThat(questions).isEmpty();
    }

    @Test
    void itIsAskedAgainWhereItsAnswerCouldNotBeRecorded() throws Exception {
        Stage.Automatic yes = says("{\"result\": true}");
        lost.set(true);
        inquiry.look(held(yes, PEERS));
        questions.take();
        Standing answered = null;
        while (answered == null) {
            inquiry.again();
            answered = after.poll(20, TimeUnit.MILLISECONDS);
        }
        assertThat(only(answered).choice()).isEqualTo(Choice.APPROVE);
        assertThat(questions).hasSize(1);
    }

    @Test
    void itIsAskedOnceAtATime() throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Stage.Automatic waits = approver("/waits", Duration.ofSeconds(20), exchange -> {
            questions.add(JsonReader.of(exchange.getRequestBody().readAllBytes()));
            there.countDown();
            await(go);
            answer(exchange, "{\"result\": true}");
        });
        long request = held(waits, PEERS);
        inquiry.look(request);
        await(there);
        inquiry.look(request);
        go.countDown();
        after.take();
        inquiry.look(request);
        assertThat(questions).hasSize(1);
    }

    /** Until the test is over. */
    private void hang() {
        await(end);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
