package penstock.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A script in its statements: parted at semicolons outside of texts, names and comments. Each keeps its place, so that what
 * Flink says of a line and a column is true of the script.
 */
final class Statements {
    /** What opens and closes a set of statements in Flink's SQL client. All INSERTs of a script are one set anyway. */
    private static final Pattern OPENS =
            Pattern.compile("^(EXECUTE\\s+STATEMENT\\s+SET\\s+BEGIN|BEGIN\\s+STATEMENT\\s+SET\\b)", Pattern.CASE_INSENSITIVE);
    private static final Pattern CLOSES = Pattern.compile("^END$", Pattern.CASE_INSENSITIVE);

    /** One statement, and where it begins: both numbers from 1. */
    static final class Statement {
        final String text;
        final int line;
        final int column;

        private Statement(String text, int line, int column) {
            this.text = text;
            this.line = line;
            this.column = column;
        }

        /** The text behind as many lines and blanks as stand before it in the script. */
        String inPlace() {
            return "\n".repeat(line - 1) + " ".repeat(column - 1) + text;
        }

        /** Whether its first word is this one. */
        boolean begins(String word) {
            String upper = text.toUpperCase(Locale.ROOT);
            return upper.startsWith(word)
                    && (upper.length() == word.length() || !Character.isLetterOrDigit(upper.charAt(word.length())));
        }

        /** {@code CREATE TABLE payments}: enough to know it by. */
        String title() {
            String line = text.replaceAll("\\s+", " ");
            return line.length() <= 60 ? line : line.substring(0, 59) + "…";
        }
    }

    private final String script;
    private final List<Statement> found = new ArrayList<>();

    private Statements(String script) {
        this.script = script;
    }

    static List<Statement> of(String script) {
        Statements statements = new Statements(script);
        statements.part();
        return statements.found;
    }

    private void part() {
        int begin = 0;
        int at = 0;
        while (at < script.length()) {
            char c = script.charAt(at);
            if (script.startsWith("--", at)) {
                at = after("\n", at + 2);
            } else if (script.startsWith("/*", at)) {
                at = after("*/", at + 2);
            } else if (c == '\'' || c == '`' || c == '"') {
                // A doubled one within is met as the end of one text and the beginning of the next.
                at = after(String.valueOf(c), at + 1);
            } else if (c == ';') {
                add(begin, at);
                begin = ++at;
            } else {
                at++;
            }
        }
        add(begin, script.length());
    }

    private int after(String end, int from) {
        int at = script.indexOf(end, from);
        return at < 0 ? script.length() : at + end.length();
    }

    private void add(int from, int to) {
        int begin = code(from, to);
        String text = script.substring(begin, to).stripTrailing();
        if (text.isEmpty() || CLOSES.matcher(text).matches()) {
            return;
        }
        java.util.regex.Matcher opens = OPENS.matcher(text);
        if (opens.find()) {
            add(begin + opens.end(), to);
            return;
        }
        int line = 1;
        int lineBegin = 0;
        for (int i = 0; i < begin; i++) {
            if (script.charAt(i) == '\n') {
                line++;
                lineBegin = i + 1;
            }
        }
        found.add(new Statement(text, line, begin - lineBegin + 1));
    }

    /** Where code begins: behind blanks and comments. */
    private int code(int from, int to) {
        int at = from;
        while (at < to) {
            if (Character.isWhitespace(script.charAt(at))) {
                at++;
            } else if (script.startsWith("--", at)) {
                at = Math.min(to, after("\n", at + 2));
            } else if (script.startsWith("/*", at) && !script.startsWith("/*+", at)) {
                at = Math.min(to, after("*/", at + 2));
            } else {
                break;
            }
        }
        return at;
    }
}
