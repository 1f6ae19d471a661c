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

    /** AuthenticationKerberosV5, which no server asks for any more; this and the three that follow are ways that the gateway does not go. */
    record KerberosV5() implements Authentication {}

    record Gss() implements Authentication {}

    record GssContinue(List<Byte> data) implements Authentication {

        public GssContinue {
            data = List.copyOf(data);
        }
    }

    record Sspi() implements Authentication {}

    static Authentication decode(ByteBuf in) {
        int code = Wire.int32(in, "Authentication");
        return switch (code) {
            case 0 -> ended(in, new Ok());
            case 2 -> ended(in, new KerberosV5());
            case 3 -> ended(in, new CleartextPassword());
            case 5 -> {
                List<Byte> salt = new ArrayList<>(4);
                for (int i = 0; i < 4; i++) {
                    salt.add(Wire.int8(in, "MD5 salt"));
                }
                yield ended(in, new Md5Password(salt));
            }
            case 7 -> ended(in, new Gss());
            case 8 -> {
                List<Byte> data = new ArrayList<>(in.readableBytes());
                while (in.isReadable()) {
                    data.add(in.readByte());
                }
                yield new GssContinue(data);
            }
            case 9 -> ended(in, new Sspi());
            case 10 -> {
                List<String> mechanisms = new ArrayList<>();
                String mechanism = Wire.string(in, "SASL mechanism");
                while (!mechanism.isEmpty()) {
                    mechanisms.add(mechanism);
                    mechanism = Wire.string(in, "SASL mechanism");
                }
                yield ended(in, new Sasl(mechanisms));
            }
            case 11 -> new SaslContinue(text(in));
            case 12 -> new SaslFinal(text(in));
            default -> throw Malformed.violation("authentication method " + code + " is unknown");
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
                case KerberosV5 kerberos -> to.writeInt(2);
                case Gss gss -> to.writeInt(7);
                case GssContinue next -> {
                    to.writeInt(8);
                    next.data.forEach(to::writeByte);
                }
                case Sspi sspi -> to.writeInt(9);
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
