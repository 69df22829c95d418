package io.tidemark.ingest.internal.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * No name that the vendor's own SDK knows is missing from the tables of the dialect, unless it is
 * left out knowingly. What the tables have and the SDK does not is said, and no fault: servers are
 * ahead of SDKs, and those of other vendors go their own ways.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class VendorDrift {
    /**
     * One table of a dialect beside what the SDK knows of the same.
     *
     * @param what it is a table of
     * @param theirs the names that the SDK knows
     * @param ours the names in the table
     * @param leftOut names that are knowingly not in the table, with the reason
     */
    public record Table(
            String what, Set<String> theirs, Set<String> ours, Map<String, String> leftOut) {
        public Table {
            theirs = Set.copyOf(theirs);
            ours = Set.copyOf(ours);
            leftOut = Map.copyOf(leftOut);
        }

        /** A table that leaves nothing out. */
        public Table(String what, Set<String> theirs, Set<String> ours) {
            this(what, theirs, ours, Map.of());
        }

        @Override
        public String toString() {
            return what;
        }
    }

    /** The tables of the dialect. */
    protected abstract List<Table> tables();

    List<Table> rows() {
        return tables();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyNameOfTheSdkIsMappedOrLeftOutKnowingly(Table table) {
        var missing = without(table.theirs(), table.ours());
        var fresh = without(missing, table.leftOut().keySet());
        System.out.printf(
                "drift of %s: SDK %d, table %d, new in the SDK %s, left out %s, ours alone %s%n",
                table.what(),
                table.theirs().size(),
                table.ours().size(),
                fresh,
                new TreeSet<>(table.leftOut().keySet()),
                without(table.ours(), table.theirs()));

        assertThat(fresh).as("names that are neither mapped nor left out").isEmpty();
        assertThat(missing).as("names left out").containsAll(table.leftOut().keySet());
    }

    private static Set<String> without(Set<String> names, Set<String> others) {
        var rest = new TreeSet<>(names);
        rest.removeAll(others);
        return rest;
    }
}
