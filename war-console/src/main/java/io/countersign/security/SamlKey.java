package io.countersign.security;

import io.countersign.api.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.util.Collections;

/** This gateway's own key towards a SAML provider: signs what it asks, and opens what was encrypted for it. RSA only. */
record SamlKey(PrivateKey key, X509Certificate certificate) {

    /**
     * @param keyStore PKCS #12 or JKS with one key, whose password is the store's own
     * @throws IOException if there is no such key in it
     */
    static SamlKey load(Path keyStore, Secret password) throws IOException {
        char[] secret = password.reveal().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance(keyStore.toFile(), secret);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)
                        && store.getKey(alias, secret) instanceof RSAPrivateKey key
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    return new SamlKey(key, certificate);
                }
            }
            throw new IOException(keyStore + " holds no RSA key with a certificate.");
        } catch (GeneralSecurityException e) {
            throw new IOException("The key in " + keyStore + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "key of " + certificate.getSubjectX500Principal();
    }
}
