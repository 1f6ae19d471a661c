package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Authentication… (B): what the server wants to see, or that it has seen enough. */
public sealed interface Authentication extends BackendMessage {

    byte TYPE = 'R';

    record Ok() implements Authentication {}

    record CleartextPassword() implements Authentication {}

    /**
     * AuthenticationMD5Password: a hash of the password, which is enough for whoever knows it to sign in.
     *
     * @param salt four bytes that the hash must include
     */
    record Md5Password(List<Byte> salt) implements Authentication {
        public Md5Password {
            salt = List.copyOf(salt);
        }
    }

    /** AuthenticationSASL: the mechanisms offered, best first. */
    record Sasl(List<String> mechanisms) implements Authentication {
        public Sasl {
            mechanisms = List.copyOf(mechanisms);
        }
    }

    record SaslContinue(String data) implements Authentication {}

    record SaslFinal(String data) implements Authentication {}

    /** Ways that the gateway does not go: Kerberos, GSS, SSPI. */
    record Other(int code) implements Authentication {}

    static Authentication decode(ByteBuf in) {
        int code = Wire.int32(in, "Authentication");
        return switch (code) {
            case 0 -> ended(in, new Ok());
            case 3 -> ended(in, new CleartextPassword());
            case 5 -> {
                List<Byte> salt = new ArrayList<>(4);
                for (int i = 0; i < 4; i++) {
                    salt.add(Wire.int8(in, "MD5 salt"));
                }
                yield ended(in, new Md5Password(salt));
            }
            case 10 -> {
                List<String> mechanisms = new ArrayList<>();
                String mechanism;
                while (!(mechanism = Wire.string(in, "SASL mechanism")).isEmpty()) {
                    mechanisms.add(mechanism);
                }
                yield ended(in, new Sasl(mechanisms));
            }
            case 11 -> new SaslContinue(text(in));
            case 12 -> new SaslFinal(text(in));
            default -> {
                in.skipBytes(in.readableBytes());
                yield new Other(code);
            }
        };
    }

    @Override
    default void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            switch (this) {
                case Ok ok -> to.writeInt(0);
                case CleartextPassword password -> to.writeInt(3);
                case Md5Password md5 -> {
                    to.writeInt(5);
                    md5.salt.forEach(to::writeByte);
                }
                case Sasl sasl -> {
                    to.writeInt(10);
                    sasl.mechanisms.forEach(mechanism -> Wire.put(to, mechanism));
                    to.writeByte(0);
                }
                case SaslContinue next -> to.writeInt(11).writeBytes(next.data.getBytes(StandardCharsets.UTF_8));
                case SaslFinal last -> to.writeInt(12).writeBytes(last.data.getBytes(StandardCharsets.UTF_8));
                case Other other -> to.writeInt(other.code);
            }
        });
    }

    private static Authentication ended(ByteBuf in, Authentication message) {
        Wire.end(in, message.getClass().getSimpleName());
        return message;
    }

    private static String text(ByteBuf in) {
        return new String(Wire.rest(in), StandardCharsets.UTF_8);
    }
}
