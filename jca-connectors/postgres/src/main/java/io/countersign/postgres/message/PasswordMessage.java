package io.countersign.postgres.message;

import io.countersign.api.Secret;
import io.netty.buffer.ByteBuf;

/** PasswordMessage (F): the password in clear text, asked for by AuthenticationCleartextPassword. */
public record PasswordMessage(Secret password) implements FrontendMessage {

    public static final byte TYPE = 'p';

    public static PasswordMessage decode(ByteBuf in) {
        Secret password = Secret.of(Wire.string(in, "PasswordMessage"));
        Wire.end(in, "PasswordMessage");
        return new PasswordMessage(password);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> Wire.put(to, password.reveal()));
    }
}
