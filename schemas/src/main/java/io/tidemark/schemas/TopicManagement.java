package io.tidemark.schemas;

import java.util.Locale;

/** What is done with a topic that is not there, or not as it is meant to be. */
public enum TopicManagement {
    /**
     * Missing topics are created. Those that exist are left as they are, and refused if their
     * settings break a promise.
     */
    CREATE,
    /** Nothing is created or changed: a missing topic is refused as well. */
    CHECK,
    /** Missing topics are created, and the settings of those that exist are set as is meant. */
    MANAGE;

    /** What it is called in settings. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
