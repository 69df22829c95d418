package io.tidemark.standalone.settings;

import java.util.List;

/**
 * Settings that cannot be used. The message has one line for each problem: the key, where it came
 * from, what is wrong and what is allowed. Secret values are not repeated.
 */
public final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }

    /** Settings with one problem. */
    public InvalidSettingsException(String problem) {
        super(problem);
    }
}
