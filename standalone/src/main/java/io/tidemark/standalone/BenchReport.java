package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.load.Tally;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * What a benchmark has found: tables, which a person reads while it runs and a program afterwards,
 * and whether everything was right. Confined to the thread that measures.
 */
final class BenchReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final ObjectNode document = JSON.createObjectNode();
    private final List<String> problems = new ArrayList<>();

    /**
     * A column.
     *
     * @param key its name in JSON, unit last
     * @param heading its name for a person
     * @param decimals digits behind the point
     * @param compared whether one row's number says something beside another's
     */
    record Column(String key, String heading, int decimals, boolean compared) {
        /** Of what is measured. */
        static Column of(String key, String heading, int decimals) {
            return new Column(key, heading, decimals, true);
        }

        /** Of what is counted, or was asked for. */
        static Column count(String key, String heading) {
            return new Column(key, heading, 0, false);
        }

        String show(double value) {
            return Double.isNaN(value)
                    ? ""
                    : String.format(Locale.ROOT, "%." + decimals + "f", value);
        }
    }

    BenchReport(String bench, Map<String, String> options, PrintWriter out) {
        this.out = out;
        document.put("bench", bench);
        options.forEach(document.putObject("options")::put);
        var machine = document.putObject("machine");
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("java", Runtime.version().toString());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("filesMax", Machine.filesMax());
        document.putObject("tables");
        document.putObject("facts");
    }

    /** A line for a person. */
    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** A number that belongs into no table, for a person and for a program. */
    void fact(String key, double value, String line) {
        ((ObjectNode) document.path("facts")).put(key, value);
        say(line);
    }

    /** Says that something was not as it must be. */
    void problem(String line) {
        problems.add(line);
        say("WRONG: " + line);
    }

    /** Says so unless readers have had all events, once and in order, up to the last. */
    void require(String who, Tally tally) {
        if (!tally.correct()) {
            problem(
                    "%s: of %d readers %d have everything, %d have failed; %d events missing, %d twice, %d out of order"
                            .formatted(
                                    who,
                                    tally.readers(),
                                    tally.complete(),
                                    tally.failed(),
                                    tally.gaps(),
                                    tally.duplicates(),
                                    tally.disorders()));
        }
    }

    /** Whether nothing was wrong. */
    boolean sound() {
        return problems.isEmpty();
    }

    /** A table that can be filled; it is printed when it is closed. */
    Table table(String key, String about, Column... columns) {
        return new Table(key, about, List.of(columns));
    }

    /** All of it, as one JSON document on several lines. */
    String json() {
        document.put("sound", sound());
        var wrong = document.putArray("problems");
        problems.forEach(wrong::add);
        return document.toPrettyString() + System.lineSeparator();
    }

    /** Rows of numbers under headings. */
    final class Table implements AutoCloseable {
        private final String key;
        private final String about;
        private final List<Column> columns;
        private final List<String> labels = new ArrayList<>();
        private final List<double[]> rows = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();
        private String remarkKey = "";
        private String remarkHeading = "";

        private Table(String key, String about, List<Column> columns) {
            this.key = key;
            this.about = about;
            this.columns = columns;
        }

        /**
         * Adds a row.
         *
         * @param values one for each column; NaN where there is none
         */
        Table row(String label, double... values) {
            return row(label, values, "");
        }

        /**
         * Gives the table a last column of words.
         *
         * @param remarkedKey its name in JSON
         * @param heading its name for a person
         */
        Table remarked(String remarkedKey, String heading) {
            remarkKey = remarkedKey;
            remarkHeading = " | " + heading;
            return this;
        }

        /**
         * Adds a row with words.
         *
         * @param values one for each column of numbers; NaN where there is none
         * @param remark for the column of words; empty where there are none
         */
        Table row(String label, double[] values, String remark) {
            if (values.length != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of %s has %d values, found %d"
                                .formatted(key, columns.size(), values.length));
            }
            labels.add(label);
            rows.add(values.clone());
            remarks.add(remark);
            return this;
        }

        /** Adds what a row, by its index, has more than another. */
        Table added(String label, int of, int over) {
            return combined(label, of, over, (a, b) -> a - b);
        }

        /** Adds a row divided by another. */
        Table ratio(String label, int of, int over) {
            return combined(label, of, over, (a, b) -> b == 0 ? Double.NaN : a / b);
        }

        private Table combined(String label, int of, int over, DoubleBinaryOperator combination) {
            var values = new double[columns.size()];
            Arrays.setAll(
                    values,
                    i ->
                            columns.get(i).compared()
                                    ? combination.applyAsDouble(rows.get(of)[i], rows.get(over)[i])
                                    : Double.NaN);
            return row(label, values);
        }

        @Override
        public void close() {
            say("");
            say("| " + about + headings());
            int words = remarkKey.isEmpty() ? 0 : 1;
            say("|---".repeat(columns.size() + 1 + words) + "|");
            var json = ((ObjectNode) document.path("tables")).putArray(key);
            for (int i = 0; i < rows.size(); i++) {
                say("| " + labels.get(i) + cells(rows.get(i), remarks.get(i)));
                var row = json.addObject().put("row", labels.get(i));
                for (int c = 0; c < columns.size(); c++) {
                    double value = rows.get(i)[c];
                    if (Double.isFinite(value)) {
                        row.put(columns.get(c).key(), value);
                    }
                }
                if (!remarks.get(i).isEmpty()) {
                    row.put(remarkKey, remarks.get(i));
                }
            }
        }

        private String headings() {
            var line = new StringBuilder();
            columns.forEach(column -> line.append(" | ").append(column.heading()));
            return line + remarkHeading + " |";
        }

        private String cells(double[] values, String remark) {
            var line = new StringBuilder();
            for (int i = 0; i < values.length; i++) {
                line.append(" | ").append(columns.get(i).show(values[i]));
            }
            if (!remarkKey.isEmpty()) {
                line.append(" | ").append(remark);
            }
            return line + " |";
        }
    }
}
