package io.countersign.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Signs the ledger's heads: Ed25519 (RFC 8032), made on first start and kept in a file that only the gateway reads. */
public final class SigningKey {

    private final PrivateKey privateKey;
    private final VerifierKey verifierKey;

    private SigningKey(PrivateKey privateKey, VerifierKey verifierKey) {
        this.privateKey = privateKey;
        this.verifierKey = verifierKey;
    }

    /** Reads the key, or makes one where there is no such file. */
    public static SigningKey at(Path file, String name) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            String[] lines = Files.readString(file).strip().split("\\R", -1);
            if (lines.length != 2) {
                throw new IllegalStateException(file + " should hold two lines, private and public key in base64");
            }
            byte[] secret = Base64.getDecoder().decode(lines[0]);
            byte[] raw = Base64.getDecoder().decode(lines[1]);
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(secret));
            return new SigningKey(key, new VerifierKey(name, raw));
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger's signing key cannot be read or made at " + file, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    file + " holds no Ed25519 key: restore it, or move it away to get a new one", e);
        }
    }

    public String name() {
        return verifierKey.name();
    }

    public VerifierKey verifierKey() {
        return verifierKey;
    }

    byte[] hint() {
        return verifierKey.hint();
    }

    byte[] sign(byte[] message) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(privateKey);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the ledger's head cannot be signed", e);
        }
    }

    /** Written beside and moved, so that a crash leaves either no key or a whole one. */
    private static void create(Path file) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, VerifierKey.X509.length, encoded.length);
        Base64.Encoder base64 = Base64.getEncoder();
        String text = base64.encodeToString(pair.getPrivate().getEncoded()) + "\n" + base64.encodeToString(raw) + "\n";
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("no folder for " + file);
        }
        Files.createDirectories(folder);
        Path beside = Files.createTempFile(
                folder,
                "key",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(beside, text, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(beside, file);
    }

    @Override
    public String toString() {
        return "signing key of " + verifierKey;
    }
}
