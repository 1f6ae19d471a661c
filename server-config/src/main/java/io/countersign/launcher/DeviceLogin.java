package io.countersign.launcher;

import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The device authorization grant (RFC 8628): a terminal gets a token while its user agrees in a browser elsewhere. */
final class DeviceLogin {

    private static final int FETCH_MILLIS = 10_000;

    /** Seconds to wait longer when told to slow down (RFC 8628 §3.5). */
    private static final int SLOWER = 5;

    private DeviceLogin() {}

    /**
     * Waits until the user agrees.
     *
     * @param tell takes what the user must read
     * @throws Failure if the provider cannot be asked, or the user does not agree in time
     */
    static String token(String issuer, String client, List<String> scopes, Consumer<String> tell) {
        try {
            ClientID id = new ClientID(client);
            OIDCProviderMetadata provider = OIDCProviderMetadata.resolve(
                    new Issuer(safe(URI.create(issuer)).toString()), FETCH_MILLIS, FETCH_MILLIS);
            DeviceAuthorizationSuccessResponse device =
                    device(provider.getDeviceAuthorizationEndpointURI(), id, new Scope(scopes.toArray(String[]::new)));
            URI page = device.getVerificationURIComplete() == null
                    ? device.getVerificationURI()
                    : device.getVerificationURIComplete();
            tell.accept("Open " + page + " in a browser and agree to the code " + device.getUserCode() + ".");
            return agreed(
                    new TokenRequest.Builder(
                                    safe(provider.getTokenEndpointURI()),
                                    id,
                                    new DeviceCodeGrant(device.getDeviceCode()))
                            .build(),
                    device);
        } catch (GeneralException | IOException | IllegalArgumentException e) {
            throw new Failure("No token can be had from " + issuer + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted before anybody agreed.", e);
        }
    }

    private static DeviceAuthorizationSuccessResponse device(@Nullable URI endpoint, ClientID client, Scope scope)
            throws IOException, ParseException {
        if (endpoint == null) {
            throw new Failure("That provider does not offer the device flow (RFC 8628).");
        }
        DeviceAuthorizationResponse answer =
                DeviceAuthorizationResponse.parse(sent(new DeviceAuthorizationRequest.Builder(client)
                        .endpointURI(safe(endpoint))
                        .scope(scope)
                        .build()
                        .toHTTPRequest()));
        if (!answer.indicatesSuccess()) {
            throw new Failure("The provider refuses the device flow to client " + client + ": "
                    + answer.toErrorResponse().getErrorObject().getDescription());
        }
        return answer.toSuccessResponse();
    }

    private static String agreed(TokenRequest request, DeviceAuthorizationSuccessResponse device)
            throws IOException, ParseException, InterruptedException {
        long interval = Math.max(1, device.getInterval());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(device.getLifetime());
        while (System.nanoTime() < end) {
            TimeUnit.SECONDS.sleep(interval);
            TokenResponse answer = TokenResponse.parse(sent(request.toHTTPRequest()));
            if (answer.indicatesSuccess()) {
                return answer.toSuccessResponse().getTokens().getAccessToken().getValue();
            }
            String error =
                    String.valueOf(answer.toErrorResponse().getErrorObject().getCode());
            switch (error) {
                case "authorization_pending" -> {}
                case "slow_down" -> interval += SLOWER;
                case "access_denied" -> throw new Failure("You did not agree, so there is no token.");
                default -> throw new Failure("The provider gives no token: " + error);
            }
        }
        throw new Failure("Nobody agreed within " + device.getLifetime() + " seconds. Try again.");
    }

    private static HTTPResponse sent(HTTPRequest request) throws IOException {
        request.setConnectTimeout(FETCH_MILLIS);
        request.setReadTimeout(FETCH_MILLIS);
        request.setFollowRedirects(false);
        return request.send();
    }

    /** A token that travels in clear is everybody's, except on this machine. */
    static URI safe(URI address) {
        if ("https".equals(address.getScheme())
                || Set.of("127.0.0.1", "[::1]", "localhost").contains(String.valueOf(address.getHost()))) {
            return address;
        }
        throw new Failure(address + " is not an address of https.");
    }
}
