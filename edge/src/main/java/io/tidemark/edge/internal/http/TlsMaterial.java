package io.tidemark.edge.internal.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The contents of the two PEM files that TLS is configured with: a chain of certificates, the
 * server's own first, and its private key (PKCS #8, without a password). Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by sameAs alone
record TlsMaterial(Path certificateFile, Path keyFile, byte[] certificate, byte[] key) {
    private static final int BYTES_MAX = 1_024 * 1_024;
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = "tidemark".getBytes(StandardCharsets.US_ASCII);

    /** Reads both files. */
    static TlsMaterial read(Path certificateFile, Path keyFile) throws TlsException {
        return new TlsMaterial(certificateFile, keyFile, bytes(certificateFile), bytes(keyFile));
    }

    private static byte[] bytes(Path file) throws TlsException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new TlsException(file + " has more than " + BYTES_MAX + " bytes", null);
            }
            return bytes;
        } catch (IOException e) {
            throw new TlsException(file + " cannot be read", e);
        }
    }

    boolean sameAs(TlsMaterial other) {
        return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
    }

    /**
     * What servers use of it.
     *
     * @throws TlsException naming the file that cannot be used
     */
    SSLContext context() throws TlsException {
        var chain = chain();
        var own = privateKey(chain[0]);
        if (!belongTogether(chain[0], own)) {
            throw new TlsException(
                    keyFile + " is not the key of the certificate in " + certificateFile, null);
        }
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("edge", own, new char[0], chain);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(
                    certificateFile + " and " + keyFile + " cannot be used for TLS", e);
        }
    }

    private Certificate[] chain() throws TlsException {
        try {
            var chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificate));
            if (chain.isEmpty()) {
                throw new TlsException(certificateFile + " holds no certificate", null);
            }
            return chain.toArray(Certificate[]::new);
        } catch (GeneralSecurityException e) {
            throw new TlsException(certificateFile + " holds no PEM certificates", e);
        }
    }

    private PrivateKey privateKey(Certificate own) throws TlsException {
        var match = KEY.matcher(new String(key, StandardCharsets.US_ASCII));
        if (!match.find()) {
            throw new TlsException(
                    keyFile + " must hold a PEM key in PKCS #8, without a password", null);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(match.group(1));
            return KeyFactory.getInstance(own.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException(
                    keyFile + " is not the key of the certificate in " + certificateFile, e);
        }
    }

    private static boolean belongTogether(Certificate own, PrivateKey key) {
        try {
            var signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(own.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    @Override
    public String toString() {
        return "TlsMaterial[certificateFile=" + certificateFile + ", keyFile=" + keyFile + "]";
    }
}
