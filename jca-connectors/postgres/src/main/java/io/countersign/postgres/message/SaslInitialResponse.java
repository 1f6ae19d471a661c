package io.countersign.postgres.message;

import io.countersign.api.Secret;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * SASLInitialResponse (F): the mechanism chosen of those that AuthenticationSASL offers, and its first data.
 *
 * @param data absent where the mechanism has nothing to say first
 */
public record SaslInitialResponse(String mechanism, Optional<Secret> data) implements FrontendMessage {

    public static final byte TYPE = 'p';

    public static SaslInitialResponse decode(ByteBuf in) {
        String mechanism = Wire.string(in, "SASLInitialResponse mechanism");
        int length = Wire.int32(in, "SASLInitialResponse length");
        Optional<Secret> data = length == -1
                ? Optional.empty()
                : Optional.of(Secret.of(
                        new String(Wire.bytes(in, length, "SASLInitialResponse data"), StandardCharsets.UTF_8)));
        Wire.end(in, "SASLInitialResponse");
        return new SaslInitialResponse(mechanism, data);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            Wire.put(to, mechanism);
            data.ifPresentOrElse(
                    secret -> {
                        byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
                        to.writeInt(bytes.length).writeBytes(bytes);
                    },
                    () -> to.writeInt(-1));
        });
    }
}
