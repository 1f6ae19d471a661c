package io.countersign.core;

import io.countersign.api.Digest;
import io.countersign.api.Secret;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * TLS towards clients (RFC 8446): whether it is demanded, and the certificate shown.
 *
 * @param context absent exactly where the mode is {@link Mode#OFF}
 */
public record ServerTls(Mode mode, Optional<SslContext> context) {

    /** Whether clients must, may or cannot encrypt. */
    public enum Mode {
        REQUIRED,
        OPTIONAL,
        OFF;

        /** @throws IllegalArgumentException naming what is allowed */
        public static Mode parse(String word) {
            for (Mode mode : values()) {
                if (mode.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException("tls is '" + word + "', allowed are required, optional and off");
        }
    }

    public static ServerTls off() {
        return new ServerTls(Mode.OFF, Optional.empty());
    }

    /**
     * Clients may show a certificate of their own, and need not.
     *
     * @param keyStore PKCS #12 or JKS file with the private key and its certificate chain
     * @param protocol the ALPN name (RFC 7301) of the protocol spoken inside; clients that offer others only are refused
     */
    public static ServerTls load(Mode mode, Path keyStore, Secret password, String protocol)
            throws GeneralSecurityException, IOException {
        char[] secret = password.reveal().toCharArray();
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), secret);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, secret);
        SslContext context = SslContextBuilder.forServer(keys)
                .protocols("TLSv1.3", "TLSv1.2")
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(new AnyCertificate())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.FATAL_ALERT,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
        return new ServerTls(mode, Optional.of(context));
    }

    /**
     * Of the certificate whose key a client has proved to hold, whoever issued it, its SHA-256 (RFC 8705 §3.1); empty where it
     * showed none.
     */
    public static Optional<Digest> thumbprint(SslHandler handler) {
        try {
            return Optional.of(Digest.of(
                    handler.engine().getSession().getPeerCertificates()[0].getEncoded()));
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the client's certificate cannot be encoded", e);
        }
    }

    /** @throws IllegalStateException where TLS is off */
    public SslHandler handler(Channel channel) {
        return context.orElseThrow(() -> new IllegalStateException("TLS is off"))
                .newHandler(channel.alloc());
    }
}
