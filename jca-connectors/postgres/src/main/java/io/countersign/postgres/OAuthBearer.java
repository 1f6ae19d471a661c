package io.countersign.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.countersign.api.Secret;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.SaslInitialResponse;
import io.countersign.postgres.message.SaslResponse;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the token by the SASL mechanism OAUTHBEARER (RFC 7628; 54.3.2 "SASL OAUTHBEARER Authentication"). A client that
 * sends none, or one that is no good, is told where to get one; it acknowledges that, and then the connection fails.
 */
final class OAuthBearer implements TokenRequest {

    static final String MECHANISM = "OAUTHBEARER";

    /** Separates the key/value pairs of a message, and alone acknowledges a failure (RFC 7628 §3.1, §3.2.3). */
    private static final String SEPARATOR = "\1";

    /** A GS2 header without channel binding (RFC 5801 §4), and whom to act as. */
    private static final Pattern HEADER = Pattern.compile("[ny],(?:a=([^,]*))?,");

    private static final Pattern PAIR = Pattern.compile("([A-Za-z]+)=(.*)", Pattern.DOTALL);

    /** RFC 6750 §2.1; the scheme's name is in any case. */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*)");

    private static final String SHAPE = "the client's OAUTHBEARER message is not as RFC 7628 has it";

    private final ClientSignIn.Issuer issuer;
    private boolean begun;
    private @Nullable Report failure;

    OAuthBearer(ClientSignIn.Issuer issuer) {
        this.issuer = issuer;
    }

    @Override
    public Authentication question() {
        return new Authentication.Sasl(List.of(MECHANISM));
    }

    @Override
    public Next answer(ByteBuf body) {
        if (begun) {
            return next(SaslResponse.decode(body).data());
        }
        begun = true;
        SaslInitialResponse initial = SaslInitialResponse.decode(body);
        if (!initial.mechanism().equals(MECHANISM)) {
            throw violation("the client chose a SASL mechanism that was not offered");
        }
        // Without an initial response an empty challenge asks for it (RFC 4422 §3.3).
        return initial.data().map(this::next).orElseGet(() -> new Next.Ask(new Authentication.SaslContinue("")));
    }

    private Next next(Secret data) {
        if (failure != null) {
            if (!data.reveal().equals(SEPARATOR)) {
                throw violation("the client goes on with OAUTHBEARER after it has failed");
            }
            return new Next.Refuse(failure);
        }
        return token(data)
                .<Next>map(Next.Verify::new)
                .orElseGet(() -> failed("a bearer token is needed to sign in", "Get one of " + issuer.address() + "."));
    }

    @Override
    public Next refused(String reason, String hint) {
        return failed(reason, hint);
    }

    private Next failed(String reason, String hint) {
        failure = Report.fatal("28000", reason).hint(hint);
        return new Next.Ask(new Authentication.SaslContinue(whereToGetOne()));
    }

    /** @return empty where the client sends none on purpose, to be told where to get one */
    private static Optional<Secret> token(Secret data) {
        String[] parts = data.reveal().split(SEPARATOR, -1);
        Matcher header = HEADER.matcher(parts[0]);
        int pairs = parts.length - 2;
        if (pairs < 1 || !header.matches() || !parts[pairs].isEmpty() || !parts[pairs + 1].isEmpty()) {
            throw violation(SHAPE);
        }
        String actAs = header.group(1);
        if (actAs != null && !actAs.isEmpty()) {
            throw violation(
                    "the client's OAUTHBEARER message names an authorization identity; the token alone says who it is");
        }
        String value = null;
        for (int i = 1; i < pairs; i++) {
            Matcher pair = PAIR.matcher(parts[i]);
            if (!pair.matches()) {
                throw violation(SHAPE);
            }
            // Others than this are to be ignored (RFC 7628 §3.1).
            if (pair.group(1).equals("auth")) {
                if (value != null) {
                    throw violation("the client's OAUTHBEARER message has two tokens");
                }
                value = pair.group(2);
            }
        }
        if (value == null) {
            throw violation("the client's OAUTHBEARER message has no token, not even an empty one");
        }
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Matcher bearer = BEARER.matcher(value);
        if (!bearer.matches()) {
            throw violation("what the client's OAUTHBEARER message carries is no bearer token");
        }
        return Optional.of(Secret.of(bearer.group(1)));
    }

    /** RFC 7628 §3.2.2. */
    private String whereToGetOne() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("status", "invalid_token");
            json.writeStringField("openid-configuration", issuer.configuration());
            json.writeStringField("scope", issuer.scope());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Malformed violation(String message) {
        return new Malformed(Malformed.PROTOCOL_VIOLATION, message);
    }
}
