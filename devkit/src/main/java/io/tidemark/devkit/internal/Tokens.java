package io.tidemark.devkit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts text into pieces the size of tokens. Stateless. */
final class Tokens {

    private static final Pattern WORD = Pattern.compile("\\s*\\S+|\\s+$");
    private static final int CHARACTERS_PER_TOKEN = 4;

    private Tokens() {}

    /** Words, each with the space before it. */
    static List<String> words(String text) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /**
     * Code points: as small as a provider cuts, which never is inside one. Combined characters come
     * apart.
     */
    static List<String> codePoints(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /** Pieces of a few characters, as the arguments of a call come. */
    static List<String> pieces(String text, int codePoints) {
        var pieces = new ArrayList<String>();
        for (var start = 0; start < text.length(); ) {
            var left = text.codePointCount(start, text.length());
            var end = text.offsetByCodePoints(start, Math.min(codePoints, left));
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    /** The words over and over until there are so many. */
    static List<String> repeated(List<String> words, int count) {
        var tokens = new ArrayList<String>(count);
        for (var i = 0; i < count; i++) {
            tokens.add(words.get(i % words.size()));
        }
        return tokens;
    }

    /** A guess good enough for a ledger. */
    static int estimate(String text) {
        return Math.ceilDiv(text.codePointCount(0, text.length()), CHARACTERS_PER_TOKEN);
    }
}
