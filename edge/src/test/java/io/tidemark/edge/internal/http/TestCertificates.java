package io.tidemark.edge.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** Certificates of 127.0.0.1 that sign themselves (RFC 5280), and their keys. */
public final class TestCertificates {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private TestCertificates() {}

    /** A certificate and its key, as PEM. */
    public record Pair(String certificate, String key) {
        /** Writes both. */
        public void write(Path certificateFile, Path keyFile) throws IOException {
            Files.writeString(certificateFile, certificate);
            Files.writeString(keyFile, key);
        }
    }

    /** A new pair with a key of this kind: {@code EC}, {@code RSA} or {@code Ed25519}. */
    public static Pair make(String kind) throws GeneralSecurityException {
        var keys = KeyPairGenerator.getInstance(kind).generateKeyPair();
        return new Pair(
                pem("CERTIFICATE", certificate(kind, keys)),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }

    private static byte[] certificate(String kind, KeyPair keys) throws GeneralSecurityException {
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, hex("0603550403"), text("localhost"))));
        byte[] names = der(SEQUENCE, hex("87047f000001"), hex("82096c6f63616c686f7374"));
        byte[] alternative = der(SEQUENCE, hex("0603551d11"), der(OCTET_STRING, names));
        byte[] content =
                der(
                        SEQUENCE,
                        hex("a003020102"),
                        der(INTEGER, new BigInteger(64, new SecureRandom()).toByteArray()),
                        algorithm(kind),
                        name,
                        der(SEQUENCE, time(-3_600), time(86_400)),
                        name,
                        keys.getPublic().getEncoded(),
                        der(0xa3, der(SEQUENCE, alternative)));
        var signature = Signature.getInstance(signatureName(kind));
        signature.initSign(keys.getPrivate());
        signature.update(content);
        return der(
                SEQUENCE, content, algorithm(kind), der(BIT_STRING, new byte[1], signature.sign()));
    }

    private static byte[] algorithm(String kind) {
        return switch (kind) {
            case "EC" -> hex("300a06082a8648ce3d040302");
            case "RSA" -> hex("300d06092a864886f70d01010b0500");
            default -> hex("300506032b6570");
        };
    }

    private static String signatureName(String kind) {
        return switch (kind) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> kind;
        };
    }

    private static byte[] time(int seconds) {
        return der(UTC_TIME, TIME.format(Instant.now().plusSeconds(seconds)).getBytes(US_ASCII));
    }

    private static byte[] text(String text) {
        return der(UTF8_STRING, text.getBytes(US_ASCII));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            whole.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static String pem(String what, byte[] bytes) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(what, text);
    }
}
