package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for its verdict.
 *
 * @param number  the session's own, from 1
 * @param bytes   how many of the kept ones it is made of
 * @param portal  what is bound, in the extended protocol and by a function call
 * @param execute null for a simple query, a function call and what is only prepared
 */
record Asked(
        long number,
        int bytes,
        Command.Phase phase,
        Reading reading,
        Content content,
        @Nullable Portal portal,
        @Nullable Execute execute) {

    /** Whether it came as one message that a ReadyForQuery answers: a Query or a FunctionCall. */
    boolean simple() {
        return execute == null && phase == Command.Phase.RUN;
    }

    List<io.countersign.api.Bind> binds() {
        return portal == null ? List.of() : BindValues.read(portal.bind, portal.prepared.types);
    }

    /** The content and values that forwarding would carry out now, read again from the bytes that are kept. */
    Again readAgain(ByteBuf kept) {
        int at = kept.readerIndex();
        int end = at + bytes;
        String text = reading.text();
        List<io.countersign.api.Bind> binds = binds();
        while (at < end) {
            int length = PostgresCodec.frameLength(kept, at);
            switch (PostgresCodec.frontend(kept, at, length)) {
                case Query query -> text = query.text();
                case FunctionCall call -> {
                    Optional<NumberedFunction> function = NumberedFunction.of(call);
                    text = function.map(NumberedFunction::text).orElse("");
                    binds = function.map(known -> known.values(call)).orElse(List.of());
                }
                case Parse parse -> text = parse.text();
                case Bind bind -> binds = BindValues.read(bind, portal == null ? List.of() : portal.prepared.types);
                default -> {}
            }
            at += length;
        }
        Digest now = Digest.of(text.getBytes(StandardCharsets.UTF_8));
        return new Again(
                new Content(text, now, content.kinds(), content.effects(), content.references(), content.elsewhere()),
                binds);
    }

    /** What the kept bytes say. */
    record Again(Content content, List<io.countersign.api.Bind> binds) {}
}
