package io.tidemark.standalone;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Text of about the tokens of a language model: 4.5 characters on average, of a vocabulary of a
 * thousand, each as likely as the others, so that it has about as much in it as English has. The
 * same each time. Confined to one thread.
 */
final class LoadWords {
    private static final int VOCABULARY = 1_000;
    private static final int LETTERS_MIN = 1;
    private static final int LETTERS_MAX = 6;

    private final RandomGenerator random = new SplittableRandom(1);
    private final String[] words = new String[VOCABULARY];
    private final int repeated;

    /** A token in each event. */
    LoadWords() {
        this(1);
    }

    /** So many tokens in each event. */
    LoadWords(int repeated) {
        this.repeated = repeated;
        for (int word = 0; word < VOCABULARY; word++) {
            var text = new StringBuilder();
            int letters = random.nextInt(LETTERS_MIN, LETTERS_MAX + 1);
            for (int letter = 0; letter < letters; letter++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            words[word] = text.append(' ').toString();
        }
    }

    String next() {
        var text = new StringBuilder();
        for (int word = 0; word < repeated; word++) {
            text.append(words[random.nextInt(VOCABULARY)]);
        }
        return text.toString();
    }
}
