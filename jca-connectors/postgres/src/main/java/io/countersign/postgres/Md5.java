package io.countersign.postgres;

import io.countersign.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The answer to AuthenticationMD5Password (54.2.1): {@code md5} and the hash of the salted hash of password and user. */
final class Md5 {

    private Md5() {}

    static String response(String user, Secret password, List<Byte> salt) {
        MessageDigest md5 = digest();
        md5.update(password.reveal().getBytes(StandardCharsets.UTF_8));
        String stored = HexFormat.of().formatHex(md5.digest(user.getBytes(StandardCharsets.UTF_8)));
        md5.update(stored.getBytes(StandardCharsets.US_ASCII));
        salt.forEach(md5::update);
        return "md5" + HexFormat.of().formatHex(md5.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
