package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FunctionCall (F): calls a function by its number. The manual advises against it; libpq's large objects still use it.
 *
 * @param function     its object id
 * @param formats      0 text, 1 binary: none (all text), one for all, or one for each argument
 * @param arguments    the exact bytes, null for SQL NULL
 * @param resultFormat as {@code formats}
 */
public record FunctionCall(int function, List<Short> formats, List<byte @Nullable []> arguments, short resultFormat)
        implements FrontendMessage {

    public static final byte TYPE = 'F';

    public FunctionCall {
        formats = List.copyOf(formats);
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
        if (formats.size() > 1 && formats.size() != arguments.size()) {
            throw Malformed.violation(
                    "FunctionCall has " + formats.size() + " formats for " + arguments.size() + " arguments");
        }
    }

    static FunctionCall decode(ByteBuf in) {
        int function = Wire.int32(in, "FunctionCall function");
        int formatCount = Wire.int16(in, "FunctionCall format count");
        List<Short> formats = new ArrayList<>();
        for (int i = 0; i < formatCount; i++) {
            formats.add(format(in));
        }
        int count = Wire.int16(in, "FunctionCall argument count");
        List<byte @Nullable []> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = Wire.int32(in, "FunctionCall argument length");
            arguments.add(length == -1 ? null : Wire.bytes(in, length, "FunctionCall argument"));
        }
        short resultFormat = format(in);
        Wire.end(in, "FunctionCall");
        return new FunctionCall(function, formats, arguments, resultFormat);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeInt(function).writeShort(formats.size());
            formats.forEach(to::writeShort);
            to.writeShort(arguments.size());
            for (byte[] argument : arguments) {
                to.writeInt(argument == null ? -1 : argument.length);
                if (argument != null) {
                    to.writeBytes(argument);
                }
            }
            to.writeShort(resultFormat);
        });
    }

    private static short format(ByteBuf in) {
        int format = Wire.int16(in, "FunctionCall format");
        if (format > 1) {
            throw Malformed.violation("FunctionCall format is " + format + ", allowed are 0 and 1");
        }
        return (short) format;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FunctionCall call
                && function == call.function
                && formats.equals(call.formats)
                && resultFormat == call.resultFormat
                && Arrays.deepEquals(arguments.toArray(), call.arguments.toArray());
    }

    @Override
    public int hashCode() {
        return function * 31 + Arrays.deepHashCode(arguments.toArray());
    }
}
