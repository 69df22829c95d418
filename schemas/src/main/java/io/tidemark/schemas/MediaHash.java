package io.tidemark.schemas;

import io.tidemark.schemas.DeltaBody.ImageSnapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Size and SHA-256 of media that passes in base64. Confined to one thread. Text that is not base64
 * is counted and hashed as it stands, because a fold never fails on content.
 */
final class MediaHash {
    private final String mimeType;
    private final MessageDigest digest = sha256();
    private long bytes;

    MediaHash(String mimeType) {
        this.mimeType = mimeType;
    }

    static Response.Media of(ImageSnapshot image) {
        Boolean partial = image.partial() ? true : null;
        if (image.base64() == null) {
            return new Response.Media(
                    image.mimeType(), null, null, image.url(), image.index(), partial);
        }
        var hash = new MediaHash(image.mimeType());
        hash.add(image.base64());
        return new Response.Media(
                image.mimeType(), hash.bytes, hash.hex(), image.url(), image.index(), partial);
    }

    void add(String base64) {
        byte[] piece = decode(base64);
        digest.update(piece);
        bytes += piece.length;
    }

    Response.Media media() {
        return new Response.Media(mimeType, bytes, hex(), null, null, null);
    }

    private String hex() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of this JDK cannot be read on the way", e);
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return base64.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Lower-case hex of the SHA-256 over these bytes. */
    static String hexOf(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
