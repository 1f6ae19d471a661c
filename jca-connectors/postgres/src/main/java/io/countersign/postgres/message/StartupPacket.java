package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first packet of a connection: it has a length and a code, and no type byte. */
public sealed interface StartupPacket {

    int SSL_REQUEST = 80877103;
    int GSS_REQUEST = 80877104;
    int CANCEL_REQUEST = 80877102;

    /** MAX_STARTUP_PACKET_LENGTH of the server. */
    int LONGEST = 10_000;

    /** SSLRequest: may the connection be encrypted? */
    record SslRequest() implements StartupPacket {}

    /** GSSENCRequest: may GSSAPI encrypt the connection? */
    record GssRequest() implements StartupPacket {}

    /**
     * CancelRequest: stop what that session does.
     *
     * @param key 4 bytes in protocol 3.0, up to 256 in 3.2
     */
    record CancelRequest(int processId, byte[] key) implements StartupPacket {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof CancelRequest cancel
                    && processId == cancel.processId
                    && Arrays.equals(key, cancel.key);
        }

        @Override
        public int hashCode() {
            return processId;
        }

        @Override
        public String toString() {
            return "CancelRequest[processId=" + processId + ", key=<secret>]";
        }
    }

    /** StartupMessage: begins a session. */
    record Startup(int major, int minor, Map<String, String> parameters) implements StartupPacket {}

    /** @param in exactly the packet, without its length */
    static StartupPacket decode(ByteBuf in) {
        int code = Wire.int32(in, "start-up code");
        return switch (code) {
            case SSL_REQUEST -> ended(in, new SslRequest());
            case GSS_REQUEST -> ended(in, new GssRequest());
            case CANCEL_REQUEST -> {
                int processId = Wire.int32(in, "CancelRequest process id");
                int length = in.readableBytes();
                if (length < 4 || length > 256) {
                    throw Malformed.violation("CancelRequest key has " + length + " bytes, allowed are 4 to 256");
                }
                yield new CancelRequest(processId, Wire.rest(in));
            }
            default -> {
                int major = code >>> 16;
                int minor = code & 0xffff;
                yield new Startup(major, minor, major == 3 ? parameters(in) : Map.of());
            }
        };
    }

    /** Appends the packet, length in front. */
    default void encode(ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(0);
        switch (this) {
            case SslRequest ssl -> out.writeInt(SSL_REQUEST);
            case GssRequest gss -> out.writeInt(GSS_REQUEST);
            case CancelRequest cancel ->
                out.writeInt(CANCEL_REQUEST).writeInt(cancel.processId).writeBytes(cancel.key);
            case Startup startup -> {
                out.writeShort(startup.major).writeShort(startup.minor);
                startup.parameters.forEach((name, value) -> {
                    Wire.put(out, name);
                    Wire.put(out, value);
                });
                out.writeByte(0);
            }
        }
        out.setInt(start, out.writerIndex() - start);
    }

    private static Map<String, String> parameters(ByteBuf in) {
        Map<String, String> parameters = new LinkedHashMap<>();
        while (true) {
            String name = Wire.string(in, "start-up parameter name");
            if (name.isEmpty()) {
                Wire.end(in, "StartupMessage");
                return parameters;
            }
            if (parameters.put(name, Wire.string(in, "start-up parameter value")) != null) {
                throw Malformed.violation("start-up parameter \"" + name + "\" is given twice");
            }
        }
    }

    private static StartupPacket ended(ByteBuf in, StartupPacket packet) {
        Wire.end(in, packet.getClass().getSimpleName());
        return packet;
    }
}
