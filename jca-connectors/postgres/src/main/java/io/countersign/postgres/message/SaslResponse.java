package io.countersign.postgres.message;

import io.countersign.api.Secret;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** SASLResponse (F): what the mechanism says next, after AuthenticationSASLContinue. */
public record SaslResponse(Secret data) implements FrontendMessage {

    public static final byte TYPE = 'p';

    public static SaslResponse decode(ByteBuf in) {
        return new SaslResponse(Secret.of(new String(Wire.rest(in), StandardCharsets.UTF_8)));
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> to.writeBytes(data.reveal().getBytes(StandardCharsets.UTF_8)));
    }
}
