package io.tidemark.projector.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What may stand in a log as an event's JSON, whoever wrote it: objects that are much like the ones
 * before, some that are like no other, and some that are no JSON at all. Confined to one thread.
 */
final class RandomJson {
    private static final List<String> NAMES =
            List.of(
                    "text",
                    "base64",
                    "sequence",
                    "at",
                    "providerSequence",
                    "type",
                    "path",
                    "ü\\\"");
    private static final List<String> STRINGS =
            List.of(
                    "",
                    "word ",
                    "\\\"",
                    "\\\\",
                    "\\u0000",
                    "\\uD83D",
                    "\\uD83D\\uDE00",
                    "日本",
                    "😀",
                    "\u007f\u0080\u07ff",
                    "{\\\"text\\\":\\\"x\\\"}",
                    ",\\\"text\\\":");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "-1",
                    "1.50",
                    "1e9",
                    "007",
                    "999999999999999999",
                    "9223372036854775807",
                    "18446744073709551616",
                    "123456789012345678901234567890");
    private static final List<String> OTHERS =
            List.of(
                    "true",
                    "null",
                    "[]",
                    "{}",
                    "[{\"text\":\"a\"}]",
                    "{\"text\":{\"text\":\"b\",\"sequence\":3}}",
                    " 1",
                    "[1,2]",
                    "");

    private final SplittableRandom random;
    private long counter;

    RandomJson(long seed) {
        this.random = new SplittableRandom(seed);
    }

    byte[] next() {
        counter += random.nextInt(3);
        var json = random.nextInt(3) == 0 ? any() : usual();
        return switch (random.nextInt(12)) {
            case 0 -> cut(json);
            case 1 -> noise();
            default -> json.getBytes(StandardCharsets.UTF_8);
        };
    }

    private String usual() {
        return "{\"schemaVersion\":1,\"type\":\"text.delta\",\"sequence\":%d,\"at\":%d,\"outputIndex\":%d,\"text\":\"%s\"%s}"
                .formatted(
                        counter,
                        1_800_000_000_000L + random.nextInt(100_000),
                        random.nextInt(2),
                        string(),
                        random.nextInt(4) == 0 ? ",\"logprobs\":[]" : "");
    }

    private String any() {
        var json = new StringBuilder("{");
        int members = random.nextInt(40);
        for (int member = 0; member < members; member++) {
            json.append(member == 0 ? "" : ",").append('"').append(one(NAMES)).append("\":");
            json.append(
                    switch (random.nextInt(4)) {
                        case 0 -> String.valueOf(random.nextLong(1L << random.nextInt(1, 63)));
                        case 1 -> one(NUMBERS);
                        case 2 -> one(OTHERS);
                        default -> "\"" + string() + "\"";
                    });
        }
        return json.append(random.nextInt(9) == 0 ? "} " : "}").toString();
    }

    private String string() {
        var text = new StringBuilder();
        for (int part = random.nextInt(4); part > 0; part--) {
            text.append(one(STRINGS));
        }
        return text.toString();
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private byte[] cut(String json) {
        byte[] whole = json.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(whole, random.nextInt(whole.length + 1));
    }

    private byte[] noise() {
        var bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }
}
